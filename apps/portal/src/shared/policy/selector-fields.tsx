import { ActionIcon, Button, IconPlus, IconX, NativeSelect, TextInput } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import classes from './policy.module.css';
import type { SelectorDraft } from './selector.rules.ts';

const MAX_SELECTORS = 10;

const HOW = [
  { value: 'matches', excludes: false, regex: false },
  { value: 'excludes', excludes: true, regex: false },
  { value: 'matchesRegex', excludes: false, regex: true },
  { value: 'excludesRegex', excludes: true, regex: true },
] as const;

/** The patterns that say which repositories or which tags a rule is about; all of them must agree. */
export function SelectorFields(props: {
  /** `repositories` or `tags`; also the beginning of the fields' ids. */
  of: 'repositories' | 'tags';
  value: readonly SelectorDraft[];
  onChange: (value: readonly SelectorDraft[]) => void;
  /** Whether patterns left blank are marked. */
  tried: boolean;
  /** Begins the fields' ids where several of these stand on a page. */
  prefix?: string;
  /** Regular expressions are offered beside globs. */
  withRegex?: boolean;
  /** No line at all means no condition. */
  optional?: boolean;
}) {
  const { t } = useTranslation('policy');
  const { value, onChange } = props;
  const name = t(`selector.${props.of}`);
  const set = (key: number, patch: Partial<SelectorDraft>) =>
    onChange(value.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  const add = () => onChange([...value, { key: nextKey(value), excludes: value.length > 0, pattern: '' }]);
  return (
    <fieldset className={classes.selectors}>
      <legend>{name}</legend>
      <p className={classes.help}>{t(`selector.${props.of}Help`)}</p>
      {value.map((row, index) => (
        <div key={row.key} className={classes.selector}>
          <NativeSelect
            aria-label={t('selector.how', { name, number: index + 1 })}
            value={HOW.find((how) => how.excludes === row.excludes && how.regex === (row.regex ?? false))?.value}
            onChange={(event) => {
              const how = HOW.find((entry) => entry.value === event.currentTarget.value) ?? HOW[0];
              set(row.key, { excludes: how.excludes, regex: how.regex });
            }}
            data={HOW.filter((how) => !how.regex || props.withRegex).map(({ value: how }) => ({
              value: how,
              label: t(`selector.${how}`),
            }))}
          />
          <TextInput
            id={`${props.prefix ?? ''}${props.of}-${row.key}`}
            aria-label={t('selector.pattern', { name, number: index + 1 })}
            placeholder={props.of === 'tags' ? 'v*' : '**'}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={256}
            value={row.pattern}
            error={props.tried && row.pattern.trim() === '' ? t('selector.missing') : undefined}
            onChange={(event) => set(row.key, { pattern: event.currentTarget.value })}
          />
          <ActionIcon
            variant="default"
            size="input-sm"
            aria-label={t('selector.remove', { name, number: index + 1 })}
            title={t('selector.remove', { name, number: index + 1 })}
            disabled={value.length === 1 && !props.optional}
            onClick={() => onChange(value.filter((entry) => entry.key !== row.key))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {value.length < MAX_SELECTORS ? (
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {t('selector.add')}
        </Button>
      ) : null}
    </fieldset>
  );
}

function nextKey(rows: readonly SelectorDraft[]): number {
  return Math.max(-1, ...rows.map((row) => row.key)) + 1;
}
