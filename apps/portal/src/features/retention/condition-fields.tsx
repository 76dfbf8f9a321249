import type { RetentionSelect } from '@moorage/contracts';
import { MultiSelect, NativeSelect, NumberInput, TextInput } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useOfferedLabels } from '../../shared/marks/marks.queries.ts';
import classes from './retention.module.css';

const MIB = 2 ** 20;
const TAGGED = ['any', 'tagged', 'untagged'] as const;
const PRERELEASES = ['include', 'exclude', 'only'] as const;
const DAYS = ['pushed_before_days', 'pushed_within_days', 'not_pulled_for_days', 'pulled_within_days'] as const;
const SIZES = ['larger_than_bytes', 'smaller_than_bytes'] as const;

/** Every other condition of a rule; what is left empty asks nothing. */
export function ConditionFields(props: {
  select: RetentionSelect;
  projectId: number;
  onChange: (patch: Partial<RetentionSelect>) => void;
}) {
  const { t } = useTranslation('retention');
  const { select, onChange } = props;
  const days = (key: (typeof DAYS)[number]) => (
    <NumberInput
      key={key}
      label={t(`condition.${key}`)}
      min={0}
      allowDecimal={false}
      value={select[key] ?? ''}
      onChange={(value) => onChange({ [key]: value === '' ? null : Number(value) || 0 })}
    />
  );
  return (
    <details className={classes.more} open={isUsed(select)}>
      <summary>{t('condition.title')}</summary>
      <div className={classes.row}>
        <NativeSelect
          label={t('condition.tagged')}
          value={select.tagged}
          onChange={(event) =>
            onChange({ tagged: TAGGED.find((tagged) => tagged === event.currentTarget.value) ?? 'any' })
          }
          data={TAGGED.map((tagged) => ({ value: tagged, label: t(`tagged.${tagged}`) }))}
        />
        {DAYS.map(days)}
        {SIZES.map((key) => (
          <NumberInput
            key={key}
            label={t(`condition.${key}`)}
            min={0}
            value={select[key] === null ? '' : select[key] / MIB}
            onChange={(value) => onChange({ [key]: value === '' ? null : Math.round((Number(value) || 0) * MIB) })}
          />
        ))}
        <VersionFields {...props} />
        <LabelField {...props} />
      </div>
    </details>
  );
}

function VersionFields(props: { select: RetentionSelect; onChange: (patch: Partial<RetentionSelect>) => void }) {
  const { t } = useTranslation('retention');
  const { versions } = props.select;
  return (
    <>
      <TextInput
        label={t('condition.versions')}
        placeholder=">=1.2 <2"
        autoComplete="off"
        spellCheck={false}
        value={versions?.range ?? ''}
        onChange={(event) => {
          const range = event.currentTarget.value;
          props.onChange({
            versions: range === '' ? null : { range, prereleases: versions?.prereleases ?? 'include' },
          });
        }}
      />
      {versions === null ? null : (
        <NativeSelect
          label={t('condition.prereleases')}
          value={versions.prereleases}
          onChange={(event) => {
            const prereleases = PRERELEASES.find((entry) => entry === event.currentTarget.value) ?? 'include';
            props.onChange({ versions: { ...versions, prereleases } });
          }}
          data={PRERELEASES.map((entry) => ({ value: entry, label: t(`prereleases.${entry}`) }))}
        />
      )}
    </>
  );
}

function LabelField(props: {
  select: RetentionSelect;
  projectId: number;
  onChange: (patch: Partial<RetentionSelect>) => void;
}) {
  const { t } = useTranslation('retention');
  const { labels } = useOfferedLabels(props.projectId);
  const excluded = props.select.labels.filter((entry) => entry.excludes);
  return (
    <MultiSelect
      label={t('condition.labels')}
      value={props.select.labels.filter((entry) => !entry.excludes).map((entry) => String(entry.label_id))}
      onChange={(ids) =>
        props.onChange({ labels: [...excluded, ...ids.map((id) => ({ label_id: Number(id), excludes: false }))] })
      }
      data={labels.map((label) => ({ value: String(label.id), label: label.name }))}
    />
  );
}

function isUsed(select: RetentionSelect): boolean {
  return (
    select.tagged !== 'any' ||
    select.versions !== null ||
    select.labels.length > 0 ||
    [...DAYS, ...SIZES].some((key) => select[key] !== null)
  );
}
