import {
  createProjectMember,
  deleteProjectMember,
  type ProjectMember,
  ROLE_IDS,
  type Role,
  updateProjectMember,
} from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import type { GroupChoice } from '../../shared/group/group-choice.rules.ts';
import type { Person } from './person-select.tsx';

/** Who becomes a member, in the words of the API: an account, a known group, or one that its source will make known. */
export type NewMember = { readonly member_user: Person } | { readonly member_group: GroupChoice['group'] };

export function useAddMember(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { who: NewMember; role: Role }) =>
      call(createProjectMember, {
        params: { project_name_or_id: project },
        body: { role_id: ROLE_IDS[input.role], ...input.who },
      }),
    onSuccess: () => refreshRooms(queries, 'member', 'project'),
  });
}

/** Sets the role of members one after the other; stops at the first refusal. */
export function useSetRole(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: { members: readonly ProjectMember[]; role: Role }) => {
      for (const member of input.members) {
        await call(updateProjectMember, {
          params: { project_name_or_id: project, mid: member.id },
          body: { role_id: ROLE_IDS[input.role] },
        });
      }
    },
    onSettled: () => refreshRooms(queries, 'member', 'project'),
  });
}

/** Removes members one after the other; stops at the first refusal. */
export function useRemoveMembers(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (members: readonly ProjectMember[]) => {
      for (const member of members) {
        await call(deleteProjectMember, { params: { project_name_or_id: project, mid: member.id } });
      }
    },
    onSettled: () => refreshRooms(queries, 'member', 'project'),
  });
}
