import type { UserGroup } from '@moorage/contracts';
import { toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { UserPicker } from '../../shared/user/user-picker.tsx';
import { useAddGroupMember } from './group.queries.ts';

/** Puts an account into a group that is managed here. */
export function GroupMemberDialog(props: { group: UserGroup; onClose: () => void }) {
  const { t } = useTranslation('group');
  const problem = useProblem();
  const add = useAddGroupMember(props.group.id);
  const [username, setUsername] = useState('');
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username === '') {
      setMissing(true);
      return;
    }
    add.mutate(username, {
      onSuccess: () => {
        toast({ tone: 'success', message: t('member.added', { name: username }) });
        props.onClose();
      },
    });
  };
  const already = isStatus(add.error, 409);
  return (
    <FormDialog
      title={t('member.addTitle', { name: props.group.group_name })}
      submitLabel={t('member.add')}
      busy={add.isPending}
      failure={add.error && !already ? problem.text(add.error) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <UserPicker
        label={t('member.name')}
        value={username}
        autoFocus
        onChange={(next) => {
          setUsername(next);
          setMissing(false);
          add.reset();
        }}
        error={missing ? t('member.missing') : already ? t('member.already') : undefined}
      />
    </FormDialog>
  );
}
