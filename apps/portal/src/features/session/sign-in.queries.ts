import { getSignInOptions, type ResponseOf } from '@moorage/contracts';
import { useQuery } from '@tanstack/react-query';
import { objectQuery } from '../../shared/api/query.ts';

/** A way in that is not a password of this registry. */
export type SignInSource = ResponseOf<typeof getSignInOptions>['sources'][number];

/** The ways to sign in. When they cannot be read the password form is still offered. */
export function useSignInOptions() {
  return useQuery({ ...objectQuery(getSignInOptions, {}), staleTime: 60_000, retry: false });
}
