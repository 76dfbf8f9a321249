import type { ProjectMember, Role } from '@moorage/contracts';
import { toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RoleChoice } from '../../shared/access/role-choice.tsx';
import { roleOf } from '../../shared/access/roles.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { useSetRole } from './member.queries.ts';

/** Changes the role of one or more members. */
export function RoleDialog(props: {
  project: string;
  members: readonly ProjectMember[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation(['member', 'shared']);
  const problem = useProblem();
  const change = useSetRole(props.project);
  const [role, setRole] = useState<Role>(() => roleOf(props.members[0]?.role_id) ?? 'developer');
  const names = props.members.map((member) => member.entity_name).join(', ');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { members: props.members, role },
      {
        onSuccess: () => {
          toast({ tone: 'success', message: t('role.done', { count: props.members.length }) });
          props.onDone();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('role.title', { names })}
      submitLabel={t('shared:save')}
      busy={change.isPending}
      failure={change.error ? problem.text(change.error) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}
