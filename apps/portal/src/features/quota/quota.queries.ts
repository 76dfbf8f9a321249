import { type Quota, updateQuota } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

/** Sets the storage limit of a project; -1 for none. */
export function useSetLimit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { quota: Quota; storage: number }) =>
      call(updateQuota, { params: { id: input.quota.id }, body: { hard: { storage: input.storage } } }),
    onSuccess: () => refreshRooms(queries, 'quota', 'project'),
  });
}
