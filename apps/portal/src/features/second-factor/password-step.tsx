import { ERRORS } from '@moorage/contracts';
import { Button, Fields, FormActions, PasswordInput, Text, TextInput, useUi } from '@moorage/ui';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { Failure } from '../../shared/form/failure.tsx';

/** Asks for the password again before credentials change, and for a name where the new one needs one. */
export function PasswordStep(props: {
  text: string;
  nameLabel?: string;
  submitLabel: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  failure: string | null;
  onClose: () => void;
  onSubmit: (password: string, name: string) => void;
}) {
  const { t } = useTranslation(['second-factor', 'shared']);
  const { text } = useUi();
  const { register, handleSubmit, formState } = useForm({ defaultValues: { password: '', name: '' } });
  const wrong = isStatus(props.error, ERRORS.FORBIDDEN.status);
  return (
    <form
      onSubmit={(event) => void handleSubmit(({ password, name }) => props.onSubmit(password, name.trim()))(event)}
      noValidate
    >
      <Fields>
        <Text size="sm">{props.text}</Text>
        {props.nameLabel === undefined ? null : (
          <TextInput
            label={props.nameLabel}
            data-autofocus
            maxLength={64}
            autoComplete="off"
            error={formState.errors.name?.message}
            {...register('name', { validate: (value) => value.trim() !== '' || t('passkey.nameMissing') })}
          />
        )}
        <PasswordInput
          label={t('password.label')}
          data-autofocus={props.nameLabel === undefined || undefined}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('shared:password.show'), tabIndex: 0 }}
          error={formState.errors.password?.message ?? (wrong ? t('password.wrong') : undefined)}
          {...register('password', { required: t('password.missing') })}
        />
        <Failure text={wrong ? null : props.failure} />
        <FormActions>
          <Button type="submit" loading={props.busy} {...(props.danger ? { color: 'red' } : {})}>
            {props.submitLabel}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {text.actions.cancel}
          </Button>
        </FormActions>
      </Fields>
    </form>
  );
}
