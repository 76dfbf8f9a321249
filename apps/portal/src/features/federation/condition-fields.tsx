import { ActionIcon, Autocomplete, Button, IconPlus, IconX, NativeSelect, Text, Textarea } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import type { ConditionDraft } from './federation-draft.rules.ts';
import classes from './federation.module.css';

/** The conditions on a token's claims; all of them must hold. */
export function ConditionFields(props: {
  conditions: readonly ConditionDraft[];
  /** Claims to offer. */
  claims: readonly string[];
  problem: string | undefined;
  onChange: (conditions: readonly ConditionDraft[]) => void;
}) {
  const { t } = useTranslation('federation');
  const { conditions, onChange } = props;
  const next = Math.max(-1, ...conditions.map((entry) => entry.id)) + 1;
  return (
    <fieldset className={classes.conditions} id="rule-conditions" tabIndex={-1}>
      <legend>{t('column.conditions')}</legend>
      <Text size="sm" c="dimmed">
        {t('form.conditionsHelp')}
      </Text>
      {conditions.map((condition, index) => (
        <ConditionRow
          key={condition.id}
          number={index + 1}
          condition={condition}
          claims={props.claims}
          onChange={(patch) =>
            onChange(conditions.map((entry) => (entry.id === condition.id ? { ...entry, ...patch } : entry)))
          }
          onRemove={() => onChange(conditions.filter((entry) => entry.id !== condition.id))}
        />
      ))}
      <Failure text={props.problem ?? null} />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={15} aria-hidden />}
        onClick={() => onChange([...conditions, { id: next, claim: '', match: 'equals', values: '' }])}
      >
        {t('form.addCondition')}
      </Button>
    </fieldset>
  );
}

function ConditionRow(props: {
  number: number;
  condition: ConditionDraft;
  claims: readonly string[];
  onChange: (patch: Partial<ConditionDraft>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation('federation');
  const { condition, number } = props;
  return (
    <div className={classes.condition} role="group" aria-label={t('form.condition', { number })}>
      <Autocomplete
        label={t('form.claim')}
        data={[...props.claims]}
        value={condition.claim}
        onChange={(claim) => props.onChange({ claim })}
      />
      <NativeSelect
        label={t('form.match')}
        data={(['equals', 'glob'] as const).map((value) => ({ value, label: t(`match.${value}`) }))}
        value={condition.match}
        onChange={(event) => props.onChange({ match: event.currentTarget.value === 'glob' ? 'glob' : 'equals' })}
      />
      <Textarea
        label={t('form.values')}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        value={condition.values}
        onChange={(event) => props.onChange({ values: event.currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.remove}
        aria-label={t('form.removeCondition', { number })}
        title={t('form.removeCondition', { number })}
        onClick={props.onRemove}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
