import { checkEmail, checkPassword, checkRealname, checkUsername } from '@moorage/contracts';
import { TextInput, toast } from '@moorage/ui';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { NewPasswordField } from '../../shared/form/new-password-field.tsx';
import { type NewUser, useCreateUser } from './user.queries.ts';

/** Makes a local account. */
export function UserCreateDialog(props: { onClose: () => void }) {
  const { t } = useTranslation(['user', 'shared']);
  const problem = useProblem();
  const create = useCreateUser();
  const { register, handleSubmit, formState, setError, control } = useForm<NewUser>({
    mode: 'onTouched',
    defaultValues: { username: '', email: '', realname: '', password: '' },
  });
  const { errors } = formState;
  const typed = useWatch({ control, name: 'password' });
  const submit = handleSubmit(async (user) => {
    try {
      await create.mutateAsync(user);
      toast({ tone: 'success', message: t('create.done', { name: user.username }) });
      props.onClose();
    } catch (error) {
      if (isStatus(error, 409)) setError('username', { message: t('create.taken') }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={t('create.title')}
      submitLabel={t('create.submit')}
      busy={create.isPending}
      failure={create.error && !isStatus(create.error, 409) ? problem.text(create.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <TextInput
        label={t('column.name')}
        description={t('create.nameHelp')}
        data-autofocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={errors.username?.message}
        {...register('username', { validate: (value) => checkUsername(value) === null || t('create.nameRule') })}
      />
      <TextInput
        label={t('column.email')}
        type="email"
        autoComplete="off"
        error={errors.email?.message}
        {...register('email', { validate: (value) => checkEmail(value) === null || t('create.emailRule') })}
      />
      <TextInput
        label={t('column.realname')}
        autoComplete="off"
        error={errors.realname?.message}
        {...register('realname', {
          validate: (value) => checkRealname(value) === null || t('create.realnameRule'),
        })}
      />
      <NewPasswordField
        label={t('create.password')}
        typed={typed}
        error={errors.password?.message}
        {...register('password', {
          validate: (value) => checkPassword(value) === null || t('shared:password.unmetRules'),
        })}
      />
    </FormDialog>
  );
}
