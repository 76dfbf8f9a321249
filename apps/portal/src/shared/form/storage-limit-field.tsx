import { Group, NativeSelect, NumberInput, useUi } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limitOf, partsOf, STORAGE_UNITS, type StorageUnit } from './storage-limit.rules.ts';

/** A storage limit: the installation's default (null) where offered, unlimited (-1), or a number with a unit. In bytes. */
export function StorageLimitField(props: {
  label: string;
  /** Absent: there is no default to fall back on. */
  defaultLabel?: string;
  value: number | null;
  onChange: (bytes: number | null) => void;
  error?: string | undefined;
  disabled?: boolean;
}) {
  const { t } = useTranslation('shared');
  const { text } = useUi();
  const [unit, setUnit] = useState<StorageUnit>(() => partsOf(props.value).unit);
  const mode = props.value === null ? 'default' : props.value < 0 ? 'unlimited' : 'limited';
  const amount = partsOf(props.value, unit).amount;
  return (
    <Group align="flex-end" gap="xs" wrap="wrap">
      <NativeSelect
        label={props.label}
        value={mode}
        disabled={props.disabled}
        onChange={(event) => {
          const next = event.currentTarget.value;
          props.onChange(next === 'default' ? null : next === 'unlimited' ? -1 : limitOf(10, unit));
        }}
        data={[
          ...(props.defaultLabel === undefined ? [] : [{ value: 'default', label: props.defaultLabel }]),
          { value: 'unlimited', label: text.unlimited },
          { value: 'limited', label: t('storageLimit.limited') },
        ]}
      />
      {mode === 'limited' ? (
        <>
          <NumberInput
            aria-label={t('storageLimit.amount')}
            w={110}
            min={1}
            max={1_000_000}
            decimalScale={2}
            value={amount}
            error={props.error}
            disabled={props.disabled}
            onChange={(value) => props.onChange(limitOf(Number(value) || 0, unit))}
          />
          <NativeSelect
            aria-label={t('storageLimit.unit')}
            w={90}
            value={unit}
            disabled={props.disabled}
            onChange={(event) => {
              const next = event.currentTarget.value as StorageUnit;
              setUnit(next);
              props.onChange(limitOf(amount, next));
            }}
            data={STORAGE_UNITS.map((entry, index) => ({ value: entry, label: text.bytes[index + 2] ?? entry }))}
          />
        </>
      ) : null}
    </Group>
  );
}
