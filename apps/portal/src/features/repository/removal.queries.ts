import {
  getRemovalRun,
  listRemovalRunItems,
  listRemovalRuns,
  operateRemovalRun,
  previewRemoval,
  removeContent,
  restoreTrashItem,
  startRemoval,
} from '@moorage/contracts';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { isOpen } from '../../shared/job/job-state.rules.ts';
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

const paramsOf = (place: RepositoryPlace) => ({ project_name: place.project, repository_name: place.repository });

/** Begins a removal that goes on without the page; resolves with the run. */
export function useStartRemoval(place: RepositoryPlace) {
  return useMutation({
    mutationFn: async (request: RemovalRequest) =>
      (await call(startRemoval, { params: paramsOf(place), body: request })).data,
  });
}

/** A run that ended before the page could follow it tells nothing more, so it is looked at now and then. */
const LOOK_MS = 3_000;

/** How far a run is. */
export function removalRunQuery(place: RepositoryPlace, removal_id: number) {
  return queryOptions({
    ...objectQuery(getRemovalRun, { params: { ...paramsOf(place), removal_id } }),
    refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data.status) ? LOOK_MS : false),
  });
}

/** The newest deletion in the background of a repository, as long as there is one. */
export function newestRemovalQuery(place: RepositoryPlace) {
  return listQuery(listRemovalRuns, { params: paramsOf(place), query: { page_size: 1 } });
}

/** The first of what a run left. */
export function removalLeftQuery(place: RepositoryPlace, removal_id: number) {
  return listQuery(listRemovalRunItems, { params: { ...paramsOf(place), removal_id }, query: { page_size: 100 } });
}

/** Stops a run, or tries again what it left; resolves with the run that is to be followed from then on. */
export function useOperateRemoval(place: RepositoryPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, action }: { readonly id: number; readonly action: 'stop' | 'retry' }) =>
      (await call(operateRemovalRun, { params: { ...paramsOf(place), removal_id: id }, body: { action } })).data,
    onSettled: () => refreshRooms(queries, 'removal'),
  });
}

/** Shows everything anew that a run changed. */
export function useRefreshAfterRun() {
  const queries = useQueryClient();
  return () => void refreshRooms(queries, ...ROOMS);
}
