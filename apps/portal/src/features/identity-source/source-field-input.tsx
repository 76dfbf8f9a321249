import { NativeSelect, NumberInput, PasswordInput, Switch, Textarea, TextInput } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import type { SourceField, SourceKind } from './source-fields.rules.ts';

const DEPTHS = [0, 1, 2] as const;
const NESTINGS = ['none', 'walk', 'active_directory'] as const;

interface InputProps {
  readonly kind: SourceKind;
  readonly field: SourceField;
  readonly value: string | number | boolean;
  /** Whether the server holds a secret already; it is never sent back. */
  readonly secretSet: boolean;
  readonly missing: boolean;
  readonly onChange: (value: string | number | boolean) => void;
}

/** One setting of a source, by its type. */
export function SourceFieldInput(props: InputProps) {
  const { t } = useTranslation('identity-source');
  const common = useCommon(props);
  const { field, value, onChange } = props;
  switch (field.type) {
    case 'flag':
      return (
        <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          w={160}
          min={1}
          max={60}
          allowDecimal={false}
          value={Number(value)}
          onChange={(next) => onChange(Number(next) || 1)}
        />
      );
    case 'depth':
      return (
        <NativeSelect
          {...common}
          data={DEPTHS.map((depth) => ({ value: String(depth), label: t(`depth.${depth}`) }))}
          value={String(value)}
          onChange={(event) => onChange(Number(event.currentTarget.value))}
        />
      );
    case 'nesting':
      return (
        <NativeSelect
          {...common}
          data={NESTINGS.map((nesting) => ({ value: nesting, label: t(`nesting.${nesting}`) }))}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return <WrittenInput {...props} />;
  }
}

/** Settings that are written: a line, several lines, or a secret. */
function WrittenInput(props: InputProps) {
  const { t } = useTranslation(['identity-source', 'shared']);
  const { field } = props;
  const common = {
    ...useCommon(props),
    value: String(props.value),
    onChange: (event: { currentTarget: { value: string } }) => props.onChange(event.currentTarget.value),
  };
  if (field.type === 'secret') {
    return (
      <PasswordInput
        {...common}
        autoComplete="off"
        placeholder={props.secretSet ? t('secretKept') : ''}
        visibilityToggleButtonProps={{ 'aria-label': t('shared:password.show'), tabIndex: 0 }}
      />
    );
  }
  if (field.type === 'text') {
    return (
      <TextInput
        {...common}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={field.placeholder}
      />
    );
  }
  return (
    <Textarea
      {...common}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      placeholder={field.type === 'lines' ? '-----BEGIN CERTIFICATE-----' : field.placeholder}
    />
  );
}

function useCommon({ kind, field, missing }: InputProps) {
  const { t } = useTranslation('identity-source');
  return {
    id: `source-${field.key}`,
    label: t(`field.${kind}.${field.key}.label` as 'field.oidc.endpoint.label'),
    description: t(`field.${kind}.${field.key}.help` as 'field.oidc.endpoint.help'),
    error: missing ? t('missing') : undefined,
  };
}
