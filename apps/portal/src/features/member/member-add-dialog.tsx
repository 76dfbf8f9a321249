import type { Role } from '@moorage/contracts';
import { toast } from '@moorage/ui';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { RoleChoice } from '../../shared/access/role-choice.tsx';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { UserPicker } from '../../shared/user/user-picker.tsx';
import { useAddMember } from './member.queries.ts';

interface Draft {
  readonly username: string;
  readonly role: Role;
}

/** Gives a user a role in the project. */
export function MemberAddDialog(props: { project: string; onClose: () => void }) {
  const { t } = useTranslation('member');
  const problem = useProblem();
  const add = useAddMember(props.project);
  const { control, handleSubmit, setError } = useForm<Draft>({ defaultValues: { username: '', role: 'developer' } });

  const submit = handleSubmit(async (draft) => {
    try {
      await add.mutateAsync(draft);
      toast({ tone: 'success', message: t('add.done', { name: draft.username }) });
      props.onClose();
    } catch (error) {
      if (isStatus(error, 409)) setError('username', { message: t('add.already') }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={t('add.title')}
      submitLabel={t('add.submit')}
      busy={add.isPending}
      failure={add.error && !isStatus(add.error, 409) ? problem.text(add.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <Controller
        name="username"
        control={control}
        rules={{ required: t('add.userMissing') }}
        render={({ field, fieldState }) => (
          <UserPicker
            {...field}
            label={t('add.user')}
            description={t('add.userHelp')}
            autoFocus
            error={fieldState.error?.message}
          />
        )}
      />
      <Controller
        name="role"
        control={control}
        render={({ field }) => <RoleChoice value={field.value} onChange={field.onChange} />}
      />
    </FormDialog>
  );
}
