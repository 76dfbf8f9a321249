import {
  createIdentitySource,
  deleteIdentitySource,
  getIdentitySource,
  type IdentitySource,
  listIdentitySources,
  testIdentitySource,
  updateIdentitySource,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import type { SourceKind } from './source-fields.rules.ts';

export interface SourceDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly position: number;
  readonly settings: Record<string, unknown>;
}

export function sourceListQuery(paging: { page: number; page_size: number; sort: string }) {
  return listQuery(listIdentitySources, { query: paging });
}

export function useSource(id: number) {
  return useQuery(objectQuery(getIdentitySource, { params: { source_id: id } }));
}

/** Makes a source, or changes the one given. */
export function useSaveSource(kind: SourceKind, saved: IdentitySource | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ settings, ...facts }: SourceDraft) => {
      if (saved === null) await call(createIdentitySource, { body: { kind, ...facts, [kind]: settings } });
      else await call(updateIdentitySource, { params: { source_id: saved.id }, body: { ...facts, [kind]: settings } });
    },
    onSuccess: () => refreshRooms(queries, 'identity-source', 'session', 'configure'),
  });
}

export function useSetSourceEnabled() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { id: number; enabled: boolean }) =>
      call(updateIdentitySource, { params: { source_id: input.id }, body: { enabled: input.enabled } }),
    onSuccess: () => refreshRooms(queries, 'identity-source', 'session'),
  });
}

export function useDeleteSource() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deleteIdentitySource, { params: { source_id: id } }),
    onSuccess: (_answer, id) =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [tag, , params] }) =>
          tag === 'session' ||
          (tag === 'identity-source' && (params as { source_id?: number } | null)?.source_id !== id),
      }),
  });
}

/** Tries settings that are not saved. The stored secret is used when none was typed. */
export function useTestSource(kind: SourceKind, saved: IdentitySource | null) {
  return useMutation({
    mutationFn: async (settings: Record<string, unknown>) =>
      (
        await call(testIdentitySource, {
          body: { kind, ...(saved === null ? {} : { source_id: saved.id }), [kind]: settings },
        })
      ).data,
    gcTime: 0,
  });
}
