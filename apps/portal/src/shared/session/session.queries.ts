import { ApiError, getCurrentUserInfo, getSystemInfo, type User } from '@moorage/contracts';
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { callAsIs } from '../api/client.ts';
import { objectQuery } from '../api/query.ts';
import { sessionGate } from './session-gate.ts';

/** Who is signed in; null for nobody. Never asks for a sign-in. */
export const currentUserQuery = queryOptions({
  queryKey: ['session', 'current-user'] as const,
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      const { data } = await callAsIs(getCurrentUserInfo, { signal });
      sessionGate.setUser(data.username);
      return data;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        sessionGate.setUser(null);
        return null;
      }
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

export const systemInfoQuery = { ...objectQuery(getSystemInfo, {}), staleTime: 5 * 60_000 };

/** The signed-in user; null for an anonymous visitor. The shell has loaded it before any page is shown. */
export function useCurrentUser(): User | null {
  return useSuspenseQuery(currentUserQuery).data;
}

export function useIsAdmin(): boolean {
  const user = useCurrentUser();
  return user !== null && (user.sysadmin_flag || user.admin_role_in_auth);
}

/** What clients put before a repository name; the page's own host until the server has said it. */
export function useRegistryHost(): string {
  const { data } = useQuery(systemInfoQuery);
  return data?.registry_url || location.host;
}
