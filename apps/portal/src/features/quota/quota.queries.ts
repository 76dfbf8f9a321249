import { type Quota, syncQuota, updateQuota } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

/** Limits of a project; -1 for none, a soft limit of null for the share of the settings. */
export interface Limits {
  readonly storage: number;
  readonly count: number;
  readonly soft: number | null;
}

export function limitsOf(quota: Pick<Quota, 'hard' | 'soft'>): Limits {
  return { storage: quota.hard.storage, count: quota.hard.count ?? -1, soft: quota.soft.storage };
}

export function useSetLimits(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ storage, count, soft }: Limits) =>
      call(updateQuota, { params: { id }, body: { hard: { storage, count }, soft: { storage: soft } } }),
    onSuccess: () => refreshRooms(queries, 'quota', 'project'),
  });
}

/** Has the usage of every project counted anew, in the background. */
export function useCountAnew() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call(syncQuota, { body: {} }),
    onSuccess: () => refreshRooms(queries, 'quota', 'project', 'jobservice'),
  });
}
