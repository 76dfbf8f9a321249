import {
  ActionIcon,
  Button,
  IconArrowDown,
  IconArrowUp,
  NativeSelect,
  NumberInput,
  Switch,
  TextInput,
} from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { SelectorFields } from '../../shared/policy/selector-fields.tsx';
import { ConditionFields } from './condition-fields.tsx';
import type { RuleDraft } from './retention-draft.rules.ts';
import classes from './retention.module.css';

const ACTIONS = ['retain', 'keep', 'delete'] as const;

export interface RuleFieldsProps {
  readonly rule: RuleDraft;
  readonly number: number;
  readonly last: boolean;
  readonly tried: boolean;
  readonly projectId: number;
  readonly onChange: (patch: Partial<RuleDraft>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** All of one rule. */
export function RuleFields(props: RuleFieldsProps) {
  const { t } = useTranslation('retention');
  const { rule, onChange } = props;
  const prefix = `rule-${rule.key}-`;
  return (
    <li className={classes.rule} data-off={rule.disabled || undefined}>
      <RuleHead {...props} />
      <div className={classes.row}>
        <TextInput
          label={t('rule.name')}
          autoComplete="off"
          maxLength={128}
          value={rule.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('rule.action')}
          description={t(`actionHelp.${rule.action}`)}
          inputWrapperOrder={['label', 'input', 'description']}
          value={rule.action}
          onChange={(event) =>
            onChange({ action: ACTIONS.find((action) => action === event.currentTarget.value) ?? 'keep' })
          }
          data={ACTIONS.map((action) => ({ value: action, label: t(`action.${action}`) }))}
        />
      </div>
      <NewestFields rule={rule} onChange={onChange} />
      <SelectorFields
        of="tags"
        prefix={prefix}
        value={rule.tags}
        onChange={(tags) => onChange({ tags })}
        tried={props.tried}
        withRegex
        optional
      />
      <SelectorFields
        of="repositories"
        prefix={prefix}
        value={rule.repositories}
        onChange={(repositories) => onChange({ repositories })}
        tried={props.tried}
        withRegex
        optional
      />
      <ConditionFields
        select={rule.select}
        projectId={props.projectId}
        onChange={(patch) => onChange({ select: { ...rule.select, ...patch } })}
      />
    </li>
  );
}

function RuleHead(props: RuleFieldsProps) {
  const { t } = useTranslation('retention');
  const { rule, number } = props;
  return (
    <div className={classes.head}>
      <h3>{t('rule.number', { number })}</h3>
      <span className={classes.buttons}>
        <Switch
          size="sm"
          label={t('rule.on')}
          checked={!rule.disabled}
          onChange={(event) => props.onChange({ disabled: !event.currentTarget.checked })}
        />
        <ActionIcon
          variant="default"
          size={30}
          aria-label={t('rule.up', { number })}
          disabled={number === 1}
          onClick={() => props.onMove(-1)}
        >
          <IconArrowUp size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={t('rule.down', { number })}
          disabled={props.last}
          onClick={() => props.onMove(1)}
        >
          <IconArrowDown size={15} aria-hidden />
        </ActionIcon>
        <Button size="xs" color="red" variant="outline" onClick={props.onRemove}>
          {t('rule.remove', { number })}
        </Button>
      </span>
    </div>
  );
}

const BY = ['pushed', 'pulled', 'version'] as const;
const PER = ['repository', 'minor', 'major'] as const;

function NewestFields(props: { rule: RuleDraft; onChange: (patch: Partial<RuleDraft>) => void }) {
  const { t } = useTranslation('retention');
  const { rule, onChange } = props;
  const { newest } = rule;
  return (
    <>
      <Switch
        size="sm"
        label={rule.action === 'delete' ? t('newest.spare') : t('newest.only')}
        checked={newest !== null}
        onChange={(event) =>
          onChange({ newest: event.currentTarget.checked ? { count: 10, by: 'pushed', per: 'repository' } : null })
        }
      />
      {newest === null ? null : (
        <div className={classes.row}>
          <NumberInput
            label={t('newest.count')}
            min={0}
            max={32_766}
            allowDecimal={false}
            value={newest.count}
            onChange={(value) => onChange({ newest: { ...newest, count: Number(value) || 0 } })}
          />
          <NativeSelect
            label={t('newest.byLabel')}
            value={newest.by}
            onChange={(event) =>
              onChange({
                newest: { ...newest, by: BY.find((by) => by === event.currentTarget.value) ?? 'pushed' },
              })
            }
            data={BY.map((by) => ({ value: by, label: t(`newest.by.${by}`) }))}
          />
          <NativeSelect
            label={t('newest.perLabel')}
            value={newest.per}
            onChange={(event) =>
              onChange({
                newest: { ...newest, per: PER.find((per) => per === event.currentTarget.value) ?? 'repository' },
              })
            }
            data={PER.map((per) => ({ value: per, label: t(`newest.per.${per}`) }))}
          />
        </div>
      )}
    </>
  );
}
