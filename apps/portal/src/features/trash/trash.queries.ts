import {
  type BodyInputOf,
  previewRestoration,
  purgeAllTrash,
  purgeProject,
  purgeTrash,
  purgeTrashItem,
  restoreProject,
  restoreTrashItem,
  type TrashItem,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export type RestorationRequest = BodyInputOf<typeof previewRestoration>;

const ROOMS = ['trash', 'artifact', 'repository', 'project', 'statistic'];

/** An item's project and number, as the API's path names them: projects may be gone or renamed, their ids stay. */
const paramsOf = (item: TrashItem) => ({ project_name_or_id: String(item.project_id), item_id: item.id });

/** What would come back under these wishes. */
export function useRestorationPreview(item: TrashItem, request: RestorationRequest) {
  return useQuery({
    queryKey: ['trash', 'restoration', item.id, request] as const,
    queryFn: async ({ signal }) =>
      (await call(previewRestoration, { params: paramsOf(item), body: request, signal })).data,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: (before) => before,
  });
}

export function useRestoration() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ item, request }: { readonly item: TrashItem; readonly request: RestorationRequest }) =>
      (await call(restoreTrashItem, { params: paramsOf(item), body: request })).data,
    onSuccess: () => refreshRooms(queries, ...ROOMS),
  });
}

/** Brings a deleted project back, under another name if one is given. */
export function useProjectRestoration() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ item, name }: { readonly item: TrashItem; readonly name: string | undefined }) =>
      call(restoreProject, { params: { item_id: item.id }, body: name ? { name } : {} }),
    onSuccess: () => refreshRooms(queries, ...ROOMS),
  });
}

/** Restores one after the other, leaving out tags that are taken; tells which could not come back and why. */
export function useRestoreMany() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (items: readonly TrashItem[]) =>
      oneByOne(items, (item) =>
        call(restoreTrashItem, { params: paramsOf(item), body: { skip_taken_tags: true, merge: true } }),
      ),
    onSettled: () => refreshRooms(queries, ...ROOMS),
  });
}

export function usePurge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (items: readonly TrashItem[]) =>
      oneByOne(items, (item) =>
        item.kind === 'project'
          ? call(purgeProject, { params: { item_id: item.id } })
          : call(purgeTrashItem, { params: paramsOf(item) }),
      ),
    onSettled: () => refreshRooms(queries, ...ROOMS),
  });
}

/** Empties the trash of a project, or of all without one. */
export function usePurgeAll(project: string | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      project === null
        ? (await call(purgeAllTrash, {})).data
        : (await call(purgeTrash, { params: { project_name_or_id: project } })).data,
    onSuccess: () => refreshRooms(queries, ...ROOMS),
  });
}

export interface Failed {
  readonly item: TrashItem;
  readonly error: unknown;
}

async function oneByOne(items: readonly TrashItem[], act: (item: TrashItem) => Promise<unknown>): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (const item of items) {
    try {
      await act(item);
    } catch (error) {
      failed.push({ item, error });
    }
  }
  return failed;
}
