import {
  createFederationRule,
  deleteFederationRule,
  type FederationRule,
  type FederationRuleCreation,
  getFederationRule,
  getPermissions,
  tryFederationToken,
  updateFederationRule,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { grantsOfOffer } from '../../shared/permission/permission.rules.ts';

export function useRule(project: string, id: number) {
  return useQuery(objectQuery(getFederationRule, { params: { project_name_or_id: project, rule_id: id } }));
}

/** The rights in a project that a job can be given. */
export function useJobOffer() {
  return useQuery({
    ...objectQuery(getPermissions, {}),
    staleTime: Number.POSITIVE_INFINITY,
    select: (offer) => grantsOfOffer(offer.project),
  });
}

/** Makes a rule, or changes the one given. Resolves with its id. */
export function useSaveRule(project: string, saved: FederationRule | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (rule: FederationRuleCreation) => {
      const params = { project_name_or_id: project };
      if (saved === null) return (await call(createFederationRule, { params, body: rule })).data.id;
      await call(updateFederationRule, { params: { ...params, rule_id: saved.id }, body: rule });
      return saved.id;
    },
    onSuccess: () => refreshRooms(queries, 'federation'),
  });
}

export function useSetRuleDisabled(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { id: number; disable: boolean }) =>
      call(updateFederationRule, {
        params: { project_name_or_id: project, rule_id: input.id },
        body: { disable: input.disable },
      }),
    onSuccess: () => refreshRooms(queries, 'federation'),
  });
}

export function useDeleteRule(project: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deleteFederationRule, { params: { project_name_or_id: project, rule_id: id } }),
    onSuccess: (_answer, id) =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [tag, , params] }) =>
          tag === 'federation' && (params as { rule_id?: number } | null)?.rule_id !== id,
      }),
  });
}

/** Asks whether a token is accepted: by a rule that is not saved, or by all saved ones. The token is not kept. */
export function useTryToken(project: string) {
  return useMutation({
    mutationFn: async (input: { token: string; rule?: FederationRuleCreation }) =>
      (await call(tryFederationToken, { params: { project_name_or_id: project }, body: input })).data,
    gcTime: 0,
  });
}
