import {
  createFederationRule,
  createSystemFederationRule,
  deleteFederationRule,
  deleteSystemFederationRule,
  type FederationRule,
  type FederationRuleCreation,
  getFederationRule,
  getPermissions,
  getSystemFederationRule,
  listFederationRules,
  listSystemFederationRules,
  tryFederationToken,
  trySystemFederationToken,
  updateFederationRule,
  updateSystemFederationRule,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { grantsOfOffer } from '../../shared/permission/permission.rules.ts';

/** Whose rules are meant: those of the project of this name, or those of the whole registry for null. */
export type RuleScope = string | null;

export function ruleListQuery(scope: RuleScope, query: { page: number; page_size: number; sort: string; q?: string }) {
  if (scope === null) return listQuery(listSystemFederationRules, { query });
  return listQuery(listFederationRules, { params: { project_name_or_id: scope }, query });
}

export function useRule(scope: RuleScope, id: number) {
  return useQuery(
    scope === null
      ? objectQuery(getSystemFederationRule, { params: { rule_id: id } })
      : objectQuery(getFederationRule, { params: { project_name_or_id: scope, rule_id: id } }),
  );
}

/** The rights that a job can be given: in projects, and over the registry itself. */
export function useJobOffer() {
  return useQuery({
    ...objectQuery(getPermissions, {}),
    staleTime: Number.POSITIVE_INFINITY,
    select: (offer) => ({ project: grantsOfOffer(offer.project), system: grantsOfOffer(offer.system) }),
  });
}

function change(scope: RuleScope, id: number, body: Partial<FederationRuleCreation>) {
  return scope === null
    ? call(updateSystemFederationRule, { params: { rule_id: id }, body })
    : call(updateFederationRule, { params: { project_name_or_id: scope, rule_id: id }, body });
}

/** Makes a rule, or changes the one given. Resolves with its id. */
export function useSaveRule(scope: RuleScope, saved: FederationRule | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (rule: FederationRuleCreation) => {
      if (saved !== null) {
        await change(scope, saved.id, rule);
        return saved.id;
      }
      const made =
        scope === null
          ? await call(createSystemFederationRule, { body: rule })
          : await call(createFederationRule, { params: { project_name_or_id: scope }, body: rule });
      return made.data.id;
    },
    onSuccess: () => refreshRooms(queries, 'federation'),
  });
}

export function useSetRuleDisabled(scope: RuleScope) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { id: number; disable: boolean }) => change(scope, input.id, { disable: input.disable }),
    onSuccess: () => refreshRooms(queries, 'federation'),
  });
}

export function useDeleteRule(scope: RuleScope) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      scope === null
        ? call(deleteSystemFederationRule, { params: { rule_id: id } })
        : call(deleteFederationRule, { params: { project_name_or_id: scope, rule_id: id } }),
    onSuccess: (_answer, id) =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [tag, , params] }) =>
          tag === 'federation' && (params as { rule_id?: number } | null)?.rule_id !== id,
      }),
  });
}

/** Asks whether a token is accepted: by a rule that is not saved, or by all saved ones. The token is not kept. */
export function useTryToken(scope: RuleScope) {
  return useMutation({
    mutationFn: async (body: { token: string; rule?: FederationRuleCreation }) => {
      const answer =
        scope === null
          ? await call(trySystemFederationToken, { body })
          : await call(tryFederationToken, { params: { project_name_or_id: scope }, body });
      return answer.data;
    },
    gcTime: 0,
  });
}
