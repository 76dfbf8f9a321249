import {
  exportLifecyclePolicy,
  getProjectRetention,
  importLifecyclePolicy,
  type LifecyclePolicy,
  operateRetentionRun,
  previewRetention,
  type ProjectRetention,
  putProjectRetention,
  startRetentionRun,
} from '@moorage/contracts';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { isStatus } from '../../shared/api/problem.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { type PolicyDraft, policyOf } from './retention-draft.rules.ts';

const ROOM = 'Retention';
const paramsOf = (project: string) => ({ project_name_or_id: project });

/** The policy of a project; null when it has none. */
export function policyQuery(project: string) {
  return queryOptions({
    queryKey: [ROOM, 'policy', project] as const,
    queryFn: async ({ signal }): Promise<ProjectRetention | null> => {
      try {
        return (await call(getProjectRetention, { params: paramsOf(project), signal })).data;
      } catch (error) {
        if (isStatus(error, 404)) return null;
        throw error;
      }
    },
  });
}

/** Saves rules and schedule together. */
export function useSavePolicy(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: { draft: PolicyDraft; cron: string }) => {
      const body = { ...policyOf(input.draft), cron: input.cron };
      return (await call(putProjectRetention, { params: paramsOf(project), body })).data;
    },
    onSuccess: () => refreshRooms(queries, ROOM),
  });
}

export interface PreviewView {
  readonly page: number;
  readonly page_size: number;
  readonly decision?: 'keep' | 'delete' | undefined;
}

/**
 * What a policy that is not saved would keep and delete. All pages of an answer are decided for the moment of its first
 * one. Undefined: there is nothing to ask about.
 */
export function usePreview(project: string, draft: PolicyDraft | undefined, view: PreviewView) {
  const queries = useQueryClient();
  const body = draft === undefined ? undefined : policyOf(draft);
  const moment = [ROOM, 'preview-moment', project, body] as const;
  return useQuery({
    queryKey: [ROOM, 'preview', project, body, view] as const,
    queryFn: async ({ signal }) => {
      if (body === undefined) throw new Error('A preview needs rules.');
      const known = view.page > 1 ? queries.getQueryData<string>(moment) : undefined;
      const query = { ...view, ...(known === undefined ? {} : { as_of: known }) };
      const { data } = await call(previewRetention, { params: paramsOf(project), body, query, signal });
      queries.setQueryData(moment, data.as_of);
      return data;
    },
    enabled: body !== undefined,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
}

export function useImportLifecycle(project: string) {
  return useMutation({
    mutationFn: async (policy: LifecyclePolicy) =>
      (await call(importLifecyclePolicy, { params: paramsOf(project), body: policy })).data,
  });
}

export function useExportLifecycle(project: string) {
  return useMutation({
    mutationFn: async () => (await call(exportLifecyclePolicy, { params: paramsOf(project) })).data,
  });
}

/** Starts a run, or with `dryRun` one that removes nothing. Resolves with its id. */
export function useStartRun(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (dryRun: boolean) => {
      const { headers } = await call(startRetentionRun, { params: paramsOf(project), body: { dry_run: dryRun } });
      return Number(headers.get('location')?.split('/').at(-1) ?? Number.NaN);
    },
    onSuccess: () => refreshRooms(queries, ROOM),
  });
}

export function useOperateRun(project: string, run: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: 'stop' | 'confirm' | 'drop') =>
      call(operateRetentionRun, { params: { ...paramsOf(project), run_id: run }, body: { action } }),
    onSuccess: () => refreshRooms(queries, ROOM, 'artifact', 'repository', 'project'),
  });
}
