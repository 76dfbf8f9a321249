import {
  createImmutableRule,
  deleteImmutableRule,
  type ImmutableRule,
  listImmutableRules,
  previewImmutableRule,
  updateImmutableRule,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { listQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { repositorySelectors, type Selector, selectorsOf, tagSelectors } from '../../shared/policy/selector.rules.ts';

/** Which tags a rule covers. */
export interface Coverage {
  readonly repositories: readonly Selector[];
  readonly tags: readonly Selector[];
}

export function coverageOf(rule: ImmutableRule): Coverage {
  return {
    repositories: selectorsOf(rule.scope_selectors.repository),
    tags: selectorsOf(rule.tag_selectors),
  };
}

function wireOf(coverage: Coverage) {
  return {
    tag_selectors: tagSelectors(coverage.tags),
    scope_selectors: { repository: repositorySelectors(coverage.repositories) },
  };
}

/** One rule of a project; null when there is none of this id. The API has no call for a single one. */
export function useImmutableRule(project: string, id: number) {
  return useQuery({
    ...listQuery(listImmutableRules, {
      params: { project_name_or_id: project },
      query: { q: listQueryText([{ key: 'id', is: String(id) }]), page_size: 1 },
    }),
    select: ({ rows }) => rows[0] ?? null,
  });
}

/** The tags that a rule with these selectors would cover now, decided by the server as the rule itself. */
export function useCoveredTags(
  project: string,
  coverage: Coverage | null,
  query: { page: number; page_size: number; sort: string; q?: string | undefined },
) {
  const body = coverage === null ? null : wireOf(coverage);
  return useQuery({
    queryKey: ['immutable', 'preview', project, body, query] as const,
    queryFn: async ({ signal }) => {
      if (body === null) return { rows: [], total: 0 };
      const params = { project_name_or_id: project };
      const { data, total } = await call(previewImmutableRule, { params, body, query, signal });
      return { rows: data, total: total ?? 0 };
    },
    enabled: body !== null,
    placeholderData: (before) => before,
  });
}

/** Makes a rule, or changes the one given; it stays on or off as it was. */
export function useSaveRule(project: string, saved: ImmutableRule | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (coverage: Coverage) => {
      const params = { project_name_or_id: project };
      if (saved === null) {
        await call(createImmutableRule, { params, body: wireOf(coverage) });
        return;
      }
      const body = { ...wireOf(coverage), priority: saved.priority, disabled: saved.disabled };
      await call(updateImmutableRule, { params: { ...params, immutable_rule_id: saved.id }, body });
    },
    onSuccess: () => refreshRooms(queries, 'immutable', 'artifact'),
  });
}

export function useSetRuleDisabled(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ rule, disabled }: { rule: ImmutableRule; disabled: boolean }) =>
      call(updateImmutableRule, {
        params: { project_name_or_id: project, immutable_rule_id: rule.id },
        body: { ...wireOf(coverageOf(rule)), priority: rule.priority, disabled },
      }),
    onSuccess: () => refreshRooms(queries, 'immutable', 'artifact'),
  });
}

export function useDeleteRule(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      call(deleteImmutableRule, { params: { project_name_or_id: project, immutable_rule_id: id } }),
    onSuccess: () => refreshRooms(queries, 'immutable', 'artifact'),
  });
}
