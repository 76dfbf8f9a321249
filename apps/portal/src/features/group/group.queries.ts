import {
  addUserGroupMember,
  createUserGroup,
  deleteUserGroup,
  getUserGroup,
  removeUserGroupMember,
  updateUserGroup,
} from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import type { SourceGroup } from '../../shared/group/group-choice.rules.ts';

export function groupQuery(id: number) {
  return objectQuery(getUserGroup, { params: { group_id: id } });
}

export function useCreateGroup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (group: SourceGroup) => call(createUserGroup, { body: group }),
    onSuccess: () => refreshRooms(queries, 'usergroup'),
  });
}

export function useRenameGroup(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call(updateUserGroup, { params: { group_id: id }, body: { group_name: name } }),
    onSuccess: () => refreshRooms(queries, 'usergroup', 'member'),
  });
}

export function useDeleteGroup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deleteUserGroup, { params: { group_id: id } }),
    onSuccess: (_answer, id) =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [tag, , params] }) =>
          tag === 'member' || (tag === 'usergroup' && (params as { group_id?: number } | null)?.group_id !== id),
      }),
  });
}

export function useAddGroupMember(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (username: string) => call(addUserGroupMember, { params: { group_id: id }, body: { username } }),
    onSuccess: () => refreshRooms(queries, 'usergroup'),
  });
}

export function useRemoveGroupMember(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (userId: number) => call(removeUserGroupMember, { params: { group_id: id, user_id: userId } }),
    onSuccess: () => refreshRooms(queries, 'usergroup'),
  });
}
