import { Radio, Stack } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Grant, grantsOfPreset, PRESETS, type Preset, presetOfGrants } from './permission.rules.ts';
import { PermissionMatrix } from './permission-matrix.tsx';

/** Rights in a project for something that signs in by itself: a preset for most, a matrix for the rest. */
export function GrantChoice(props: {
  label: string;
  offer: readonly Grant[];
  value: ReadonlySet<Grant>;
  onChange: (grants: ReadonlySet<Grant>) => void;
}) {
  const { t } = useTranslation('permission');
  const { offer, value } = props;
  const [custom, setCustom] = useState(() => presetOfGrants(value, offer) === null);
  const shown = custom ? 'custom' : (presetOfGrants(value, offer) ?? 'custom');
  const choose = (next: string) => {
    setCustom(next === 'custom');
    if (next !== 'custom') props.onChange(grantsOfPreset(next as Preset, offer));
  };
  return (
    <>
      <Radio.Group label={props.label} value={shown} onChange={choose}>
        <Stack gap={10} mt={8}>
          {[...PRESETS, 'custom' as const].map((preset) => (
            <Radio
              key={preset}
              value={preset}
              label={t(`preset.${preset}.name`)}
              description={t(`preset.${preset}.text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {shown === 'custom' ? (
        <PermissionMatrix label={props.label} offer={offer} chosen={value} onChange={props.onChange} />
      ) : null}
    </>
  );
}
