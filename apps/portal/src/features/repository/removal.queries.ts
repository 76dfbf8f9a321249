import { previewRemoval, removeContent, restoreTrashItem } from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import type { RemovalRequest } from './removal.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';

const ROOMS = ['artifact', 'repository', 'project', 'trash'];

/** What a removal would do, asked anew each time: it is only good for the moment. */
export function useRemovalPreview(place: RepositoryPlace, request: RemovalRequest) {
  return useQuery({
    queryKey: ['trash', 'removal-preview', place, request] as const,
    queryFn: async ({ signal }) =>
      (
        await call(previewRemoval, {
          params: { project_name: place.project, repository_name: place.repository },
          body: request,
          signal,
        })
      ).data,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

export function useRemoval(place: RepositoryPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (request: RemovalRequest) =>
      (
        await call(removeContent, {
          params: { project_name: place.project, repository_name: place.repository },
          body: request,
        })
      ).data,
    onSuccess: () => refreshRooms(queries, ...ROOMS),
  });
}

/** Takes a removal back, as far as nothing has taken its place. */
export function useUndoRemoval(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (items: readonly number[]) => {
      for (const item_id of items) {
        await call(restoreTrashItem, { params: { project_name_or_id: project, item_id }, body: {} });
      }
    },
    onSettled: () => refreshRooms(queries, ...ROOMS),
  });
}
