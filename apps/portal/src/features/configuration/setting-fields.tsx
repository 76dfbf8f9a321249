import type { SettingKey, Settings } from '@moorage/contracts';
import { Checkbox, MultiSelect, NumberInput, Radio, Stack, Switch, Textarea, TextInput } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { StorageLimitField } from '../../shared/form/storage-limit-field.tsx';
import { useEventTypes } from './configuration.queries.ts';
import { useSettingsDraft } from './settings-draft.tsx';
import { readEventList } from './settings.rules.ts';

/** Keys whose value is of a type. */
type KeyOf<T> = { [K in SettingKey]: Settings[K] extends T ? K : never }[SettingKey];
type FlagKey = KeyOf<boolean>;
type NumberKey = KeyOf<number>;

/** Label, help, value and setter of a setting; the help of a pinned one says that the environment holds it. */
function useSetting<Key extends SettingKey>(name: Key) {
  const { t } = useTranslation('configuration');
  const draft = useSettingsDraft();
  const pinned = draft.pinned.has(name);
  return {
    label: t(`key.${name}.label` as 'key.read_only.label'),
    description: pinned ? t('pinned') : t(`key.${name}.help` as 'key.read_only.help'),
    disabled: pinned,
    value: draft.values[name],
    set: (value: Settings[Key]) => draft.set(name, value),
  };
}

export function FlagField(props: { name: FlagKey }) {
  const { label, description, disabled, value, set } = useSetting(props.name);
  return (
    <Switch
      label={label}
      description={description}
      disabled={disabled}
      checked={value}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  );
}

export function TextField(props: { name: 'robot_name_prefix' }) {
  const { label, description, disabled, value, set } = useSetting(props.name);
  return (
    <TextInput
      label={label}
      description={description}
      disabled={disabled}
      maxLength={64}
      w={260}
      maw="100%"
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

export function LinesField(props: { name: 'egress_allow' | 'egress_deny' }) {
  const { label, description, disabled, value, set } = useSetting(props.name);
  return (
    <Textarea
      label={label}
      description={description}
      disabled={disabled}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

export function MinutesField(props: { name: NumberKey }) {
  const { t } = useTranslation('configuration');
  const { label, description, disabled, value, set } = useSetting(props.name);
  return (
    <NumberInput
      label={label}
      description={description}
      disabled={disabled}
      suffix={` ${t('unit.minutes')}`}
      w={260}
      maw="100%"
      min={1}
      max={525_600}
      allowDecimal={false}
      value={value}
      onChange={(next) => set(Number(next) || 1)}
    />
  );
}

/** A whole number with its unit, from 0 or `min` on. Stored numbers count `scale` times as much as shown ones. */
export function NumberField(props: {
  name: NumberKey;
  unit: 'days' | 'seconds' | 'percent' | 'perSecond' | 'mebibytes';
  min?: number;
  max: number;
  scale?: number;
}) {
  const { t } = useTranslation('configuration');
  const { label, description, disabled, value, set } = useSetting(props.name);
  const { min = 0, scale = 1 } = props;
  return (
    <NumberInput
      label={label}
      description={description}
      disabled={disabled}
      suffix={` ${t(`unit.${props.unit}`)}`}
      w={260}
      maw="100%"
      min={min}
      max={props.max}
      allowDecimal={false}
      value={Math.round(value / scale)}
      onChange={(next) => set(Math.max(min, Number(next) || min) * scale)}
    />
  );
}

/** How often in a minute, or without limit. */
export function RateField(props: { name: 'token_requests_per_minute' }) {
  const { t } = useTranslation('configuration');
  const { label, description, disabled, value, set } = useSetting(props.name);
  const unlimited = value < 0;
  return (
    <Stack gap={8}>
      <NumberInput
        label={label}
        description={description}
        disabled={disabled || unlimited}
        w={260}
        maw="100%"
        min={1}
        max={1_000_000}
        allowDecimal={false}
        value={unlimited ? '' : value}
        onChange={(next) => set(Number(next) || 1)}
      />
      <Checkbox
        label={t('unlimited')}
        disabled={disabled}
        checked={unlimited}
        onChange={(event) => set(event.currentTarget.checked ? -1 : 600)}
      />
    </Stack>
  );
}

/** Days, or never. */
export function DaysField(props: { name: NumberKey }) {
  const { t } = useTranslation('configuration');
  const { label, description, disabled, value, set } = useSetting(props.name);
  const never = value < 0;
  return (
    <Stack gap={8}>
      <NumberInput
        label={label}
        description={description}
        disabled={disabled || never}
        suffix={` ${t('unit.days')}`}
        w={260}
        maw="100%"
        min={1}
        max={36_500}
        allowDecimal={false}
        value={never ? '' : value}
        onChange={(next) => set(Number(next) || 1)}
      />
      <Checkbox
        label={t(`never.${props.name}` as 'never.robot_max_duration')}
        disabled={disabled}
        checked={never}
        onChange={(event) => set(event.currentTarget.checked ? -1 : 30)}
      />
    </Stack>
  );
}

export function LimitField(props: { name: 'storage_per_project' }) {
  const { label, disabled, value, set } = useSetting(props.name);
  return <StorageLimitField label={label} disabled={disabled} value={value} onChange={(bytes) => set(bytes ?? -1)} />;
}

export function ChoiceField<
  Key extends 'auth_mode' | 'project_creation_restriction' | 'second_factor_required',
>(props: { name: Key; options: readonly Settings[Key][] }) {
  const { t } = useTranslation('configuration');
  const { label, description, disabled, value, set } = useSetting(props.name);
  return (
    <Radio.Group label={label} description={description} value={value} onChange={(next) => set(next as Settings[Key])}>
      <Stack gap={8} mt={8}>
        {props.options.map((option) => (
          <Radio
            key={option}
            value={option}
            disabled={disabled}
            label={t(`key.${props.name}.${option}` as 'key.project_creation_restriction.everyone')}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

export function AuditEventsField(props: { name: 'disabled_audit_log_event_types' }) {
  const { label, description, disabled, value, set } = useSetting(props.name);
  const { data } = useEventTypes();
  const chosen = readEventList(value);
  return (
    <MultiSelect
      label={label}
      description={description}
      disabled={disabled}
      searchable
      data={[...new Set([...(data ?? []), ...chosen])]}
      value={chosen}
      onChange={(next) => set(next.join(','))}
    />
  );
}
