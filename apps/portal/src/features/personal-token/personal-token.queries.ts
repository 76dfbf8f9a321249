import { createPersonalToken, deletePersonalToken, getPermissions, type RobotPermission } from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { grantsOfOffer } from '../../shared/permission/permission.rules.ts';

export interface NewToken {
  readonly name: string;
  readonly description: string;
  /** Days; -1 for never. */
  readonly duration: number;
  /** Null: whatever its owner may do. */
  readonly permissions: RobotPermission[] | null;
}

/** The rights in a project that a token can be narrowed to. */
export function useTokenOffer() {
  return useQuery({
    ...objectQuery(getPermissions, {}),
    staleTime: Number.POSITIVE_INFINITY,
    select: (offer) => grantsOfOffer(offer.project),
  });
}

export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (token: NewToken) => (await call(createPersonalToken, { body: token })).data,
    onSuccess: () => refreshRooms(queries, 'personal-token'),
    // The answer holds the token: it must not outlive the page.
    gcTime: 0,
  });
}

export function useDeleteToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deletePersonalToken, { params: { token_id: id } }),
    onSuccess: () => refreshRooms(queries, 'personal-token'),
  });
}
