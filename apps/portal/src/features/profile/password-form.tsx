import { checkPassword, type User } from '@moorage/contracts';
import { Button, Fields, FormActions, PasswordInput, toast } from '@moorage/ui';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { NewPasswordField } from '../../shared/form/new-password-field.tsx';
import { useChangePassword } from './profile.queries.ts';

/** The present password and the next one, whose rules tick themselves. */
export function PasswordForm(props: { user: User; onDone: () => void; primary?: boolean }) {
  const { t } = useTranslation(['profile', 'shared']);
  const problem = useProblem();
  const change = useChangePassword(props.user);
  const { register, handleSubmit, formState, control, reset, setError } = useForm({
    mode: 'onTouched',
    defaultValues: { old: '', next: '' },
  });
  const typed = useWatch({ control, name: 'next' });
  const submit = handleSubmit(async (input) => {
    try {
      await change.mutateAsync(input);
      reset();
      toast({ tone: 'success', message: t('password.done') });
      props.onDone();
    } catch (error) {
      if (isStatus(error, 403)) setError('old', { message: t('password.wrong') }, { shouldFocus: true });
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Fields>
        <PasswordInput
          label={t('password.old')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('shared:password.show'), tabIndex: 0 }}
          error={formState.errors.old?.message}
          {...register('old', { required: t('password.oldMissing') })}
        />
        <NewPasswordField
          label={t('password.new')}
          typed={typed}
          error={formState.errors.next?.message}
          {...register('next', {
            validate: (value) => checkPassword(value) === null || t('shared:password.unmetRules'),
          })}
        />
        <Failure text={change.error && !isStatus(change.error, 403) ? problem.text(change.error) : null} />
        <FormActions>
          <Button type="submit" variant={props.primary ? 'filled' : 'default'} loading={change.isPending}>
            {t('password.submit')}
          </Button>
        </FormActions>
      </Fields>
    </form>
  );
}
