import {
  createProject,
  deleteProject,
  deleteProjectMetadata,
  getProjectDeletable,
  headProject,
  updateProject,
  updateQuota,
  listQuotas,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { isStatus } from '../../shared/api/problem.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export interface NewProject {
  readonly name: string;
  readonly isPublic: boolean;
  /** Bytes; -1 for unlimited, undefined for the default. */
  readonly storageLimit: number | undefined;
}

export function useCreateProject() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: NewProject) =>
      call(createProject, {
        body: {
          project_name: input.name,
          metadata: { public: input.isPublic ? 'true' : 'false' },
          ...(input.storageLimit === undefined ? {} : { storage_limit: input.storageLimit }),
        },
      }),
    onSuccess: () => refreshRooms(queries, 'project', 'statistic', 'user'),
  });
}

/** Whether the visible projects hold one of this name already; undefined while unknown. */
export function useNameTaken(name: string, enabled: boolean) {
  return useQuery({
    queryKey: ['project', 'name-taken', name],
    enabled,
    retry: false,
    staleTime: 5_000,
    queryFn: async ({ signal }) => {
      try {
        await call(headProject, { query: { project_name: name }, signal });
        return true;
      } catch (error) {
        if (isStatus(error, 404)) return false;
        throw error;
      }
    },
  });
}

export function useDeletable(project: string) {
  return useQuery({
    ...objectQuery(getProjectDeletable, { params: { project_name_or_id: project } }),
    staleTime: 0,
    gcTime: 0,
  });
}

export function useDeleteProject() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ project, force }: { readonly project: string; readonly force: boolean }) =>
      call(deleteProject, { params: { project_name_or_id: project }, query: { force } }),
    // What is known of the project itself is not asked for again: it is gone, and its page is about to be left.
    onSuccess: (_answer, { project }) =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [tag, , params] }) =>
          tag === 'statistic' ||
          (tag === 'project' && (params as { project_name_or_id?: string } | null)?.project_name_or_id !== project),
      }),
  });
}

export function useSetVisibility(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (isPublic: boolean) =>
      call(updateProject, {
        params: { project_name_or_id: project },
        body: { metadata: { public: isPublic ? 'true' : 'false' } },
      }),
    onSuccess: () => refreshRooms(queries, 'project', 'statistic'),
  });
}

/** Sets for how many days the trash keeps what is deleted; null for as long as the settings of the system say. */
export function useSetTrashDays(project: string) {
  const queries = useQueryClient();
  const params = { project_name_or_id: project };
  return useMutation({
    mutationFn: async (days: number | null) => {
      if (days !== null) await call(updateProject, { params, body: { metadata: { trash_days: String(days) } } });
      else await call(deleteProjectMetadata, { params: { ...params, meta_name: 'trash_days' } });
    },
    onSuccess: () => refreshRooms(queries, 'project', 'trash'),
  });
}

/** Sets the storage limit of a project; -1 for unlimited. For system administrators. */
export function useSetStorageLimit(projectId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (storage: number) => {
      const { data } = await call(listQuotas, { query: { reference: 'project', reference_id: projectId } });
      const quota = data[0];
      if (quota === undefined) throw new Error(`Project ${projectId} has no quota.`);
      await call(updateQuota, { params: { id: quota.id }, body: { hard: { storage } } });
    },
    onSuccess: () => refreshRooms(queries, 'project', 'quota'),
  });
}
