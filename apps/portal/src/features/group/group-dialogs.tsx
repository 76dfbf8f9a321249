import type { UserGroup } from '@moorage/contracts';
import { ConfirmDestroy, TextInput, toast } from '@moorage/ui';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { GroupCreateDialog } from './group-create-dialog.tsx';
import { useDeleteGroup, useRenameGroup } from './group.queries.ts';

/** What was asked for with a group. */
export type GroupTask = { readonly kind: 'create' } | { readonly kind: 'rename' | 'delete'; readonly group: UserGroup };

/** The dialog of a task. */
export function GroupDialogs(props: { task: GroupTask; onClose: () => void; onDeleted: () => void }) {
  const { task, onClose } = props;
  switch (task.kind) {
    case 'create':
      return <GroupCreateDialog onClose={onClose} />;
    case 'rename':
      return <RenameDialog group={task.group} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog group={task.group} onClose={onClose} onDeleted={props.onDeleted} />;
  }
}

function RenameDialog(props: { group: UserGroup; onClose: () => void }) {
  const { t } = useTranslation(['group', 'shared']);
  const problem = useProblem();
  const rename = useRenameGroup(props.group.id);
  const { register, handleSubmit, formState, setError } = useForm({
    defaultValues: { name: props.group.group_name },
  });
  const submit = handleSubmit(async ({ name }) => {
    try {
      await rename.mutateAsync(name.trim());
      toast({ tone: 'success', message: t('rename.done', { name: name.trim() }) });
      props.onClose();
    } catch (error) {
      if (isStatus(error, 409)) setError('name', { message: t('create.taken') }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={t('rename.title', { name: props.group.group_name })}
      submitLabel={t('shared:save')}
      busy={rename.isPending}
      failure={rename.error && !isStatus(rename.error, 409) ? problem.text(rename.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <TextInput
        label={t('column.name')}
        data-autofocus
        autoComplete="off"
        maxLength={255}
        error={formState.errors.name?.message}
        {...register('name', { validate: (value) => value.trim() !== '' || t('create.nameMissing') })}
      />
    </FormDialog>
  );
}

function DeleteDialog(props: { group: UserGroup; onClose: () => void; onDeleted: () => void }) {
  const { t } = useTranslation('group');
  const problem = useProblem();
  const remove = useDeleteGroup();
  const name = props.group.group_name;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="typed"
      name={name}
      title={t('delete.title', { name })}
      action={t('delete.action')}
      consequences={[t('delete.goes'), t('delete.stays')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(props.group.id);
        toast({ tone: 'success', message: t('delete.done', { name }) });
        props.onDeleted();
      }}
    />
  );
}
