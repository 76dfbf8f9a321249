import type { ProjectMember } from '@moorage/contracts';
import { offerUndo, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { roleOf } from '../../shared/access/roles.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { type NewMember, useAddMember, useRemoveMembers } from './member.queries.ts';

/** Removes members at once and offers to put them back: a role is quickly given again. */
export function useRemoval(project: string, onDone: () => void): (members: readonly ProjectMember[]) => void {
  const { t } = useTranslation('member');
  const problem = useProblem();
  const remove = useRemoveMembers(project);
  const add = useAddMember(project);
  const putBack = (members: readonly ProjectMember[]) => {
    for (const member of members) {
      const role = roleOf(member.role_id);
      const who: NewMember =
        member.entity_type === 'u'
          ? { member_user: { username: member.entity_name } }
          : { member_group: { id: member.entity_id } };
      if (role) add.mutate({ who, role });
    }
  };
  return (members) =>
    remove.mutate(members, {
      onError: (error) => toast({ tone: 'problem', title: t('remove.failed'), message: problem.text(error) }),
      onSuccess: () => {
        onDone();
        offerUndo({
          message: t('remove.done', { count: members.length, name: members[0]?.entity_name ?? '' }),
          undo: t('remove.undo'),
          onUndo: () => putBack(members),
        });
      },
    });
}
