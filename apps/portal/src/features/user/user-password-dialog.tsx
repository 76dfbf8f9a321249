import { checkPassword, type User } from '@moorage/contracts';
import { Text, toast } from '@moorage/ui';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { NewPasswordField } from '../../shared/form/new-password-field.tsx';
import { useResetPassword } from './user.queries.ts';

/** Sets another person's password; their sessions end. */
export function UserPasswordDialog(props: { user: User; onClose: () => void }) {
  const { t } = useTranslation(['user', 'shared']);
  const problem = useProblem();
  const { user_id: id, username: name } = props.user;
  const reset = useResetPassword(id);
  const { register, handleSubmit, formState, control } = useForm({
    mode: 'onTouched',
    defaultValues: { password: '' },
  });
  const typed = useWatch({ control, name: 'password' });
  const submit = handleSubmit(({ password }) =>
    reset.mutate(password, {
      onSuccess: () => {
        toast({ tone: 'success', message: t('password.done', { name }) });
        props.onClose();
      },
    }),
  );
  return (
    <FormDialog
      title={t('password.title', { name })}
      submitLabel={t('password.submit')}
      busy={reset.isPending}
      failure={reset.error ? problem.text(reset.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <Text size="sm">{t('password.text')}</Text>
      <NewPasswordField
        label={t('password.new')}
        data-autofocus
        typed={typed}
        error={formState.errors.password?.message}
        {...register('password', {
          validate: (value) => checkPassword(value) === null || t('shared:password.unmetRules'),
        })}
      />
    </FormDialog>
  );
}
