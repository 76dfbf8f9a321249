import type { User } from '@moorage/contracts';
import { ConfirmDestroy, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useDeleteUser, useEndSessions, useResetFactors, useSetAdmin } from './user.queries.ts';
import { UserCreateDialog } from './user-create-dialog.tsx';
import { UserPasswordDialog } from './user-password-dialog.tsx';

/** What was asked for with a user. */
export type UserTask =
  | { readonly kind: 'create' }
  | { readonly kind: 'admin' | 'password' | 'delete' | 'sessions' | 'factors'; readonly user: User };

/** The dialog of a task, or nothing. */
export function UserDialogs(props: { task: UserTask | null; onClose: () => void; onDeleted?: () => void }) {
  const { task, onClose } = props;
  switch (task?.kind) {
    case 'create':
      return <UserCreateDialog onClose={onClose} />;
    case 'password':
      return <UserPasswordDialog user={task.user} onClose={onClose} />;
    case 'admin':
      return <AdminDialog user={task.user} onClose={onClose} />;
    case 'sessions':
      return <SessionsDialog user={task.user} onClose={onClose} />;
    case 'factors':
      return <FactorsDialog user={task.user} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog user={task.user} onClose={onClose} onDeleted={props.onDeleted ?? onClose} />;
    default:
      return null;
  }
}

function AdminDialog(props: { user: User; onClose: () => void }) {
  const { t } = useTranslation('user');
  const problem = useProblem();
  const change = useSetAdmin();
  const { user } = props;
  const making = !user.sysadmin_flag;
  const name = user.username;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={making ? t('admin.makeTitle', { name }) : t('admin.endTitle', { name })}
      action={making ? t('admin.make') : t('admin.end')}
      consequences={making ? [t('admin.makeText1'), t('admin.makeText2')] : [t('admin.endText')]}
      failure={change.error ? problem.text(change.error) : null}
      onConfirm={async () => {
        await change.mutateAsync({ id: user.user_id, admin: making });
        toast({ tone: 'success', message: making ? t('admin.made', { name }) : t('admin.ended', { name }) });
        props.onClose();
      }}
    />
  );
}

function DeleteDialog(props: { user: User; onClose: () => void; onDeleted: () => void }) {
  const { t } = useTranslation('user');
  const problem = useProblem();
  const remove = useDeleteUser();
  const name = props.user.username;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="typed"
      name={name}
      title={t('delete.title', { name })}
      action={t('delete.action')}
      consequences={[t('delete.goes'), t('delete.sessions'), t('delete.stays')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(props.user.user_id);
        toast({ tone: 'success', message: t('delete.done', { name }) });
        props.onDeleted();
      }}
    />
  );
}

function SessionsDialog(props: { user: User; onClose: () => void }) {
  const { t } = useTranslation('user');
  const problem = useProblem();
  const end = useEndSessions();
  const name = props.user.username;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('sessions.title', { name })}
      action={t('sessions.action')}
      consequences={[t('sessions.text')]}
      failure={end.error ? problem.text(end.error) : null}
      onConfirm={async () => {
        await end.mutateAsync(props.user.user_id);
        toast({ tone: 'success', message: t('sessions.done', { name }) });
        props.onClose();
      }}
    />
  );
}

function FactorsDialog(props: { user: User; onClose: () => void }) {
  const { t } = useTranslation('user');
  const problem = useProblem();
  const reset = useResetFactors();
  const name = props.user.username;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('factors.title', { name })}
      action={t('factors.action')}
      consequences={[t('factors.text1'), t('factors.text2')]}
      failure={reset.error ? problem.text(reset.error) : null}
      onConfirm={async () => {
        await reset.mutateAsync(props.user.user_id);
        toast({ tone: 'success', message: t('factors.done', { name }) });
        props.onClose();
      }}
    />
  );
}
