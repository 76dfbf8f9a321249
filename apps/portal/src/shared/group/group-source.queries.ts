import { getSignInOptions, searchDirectoryGroups, searchDirectoryUsers, searchLdapGroup } from '@moorage/contracts';
import { useQueries, useQuery } from '@tanstack/react-query';
import { objectQuery } from '../api/query.ts';
import { useIsAdmin } from '../session/session.queries.ts';
import type { FoundGroups, GroupSource } from './group-choice.rules.ts';

const NONE: readonly GroupSource[] = [];
/** Characters of a name the server wants from those who are not system administrators. */
const SHORTEST = 2;

/** The enabled identity sources, in the order of the sign-in page. */
export function useGroupSources(): readonly GroupSource[] {
  return useQuery({ ...objectQuery(getSignInOptions, {}), staleTime: 60_000, retry: false }).data?.sources ?? NONE;
}

/**
 * What the directories among the sources find by a part of a group's name. System administrators may look into them, and who
 * may add members to the project, when one is given.
 */
export function useDirectoryGroups(text: string, sources: readonly GroupSource[], project?: string) {
  const isAdmin = useIsAdmin();
  const shortest = isAdmin ? 1 : project === undefined ? Number.POSITIVE_INFINITY : SHORTEST;
  const asked = text.length >= shortest ? sources.filter(({ kind }) => kind === 'ldap') : NONE;
  const answers = useQueries({
    queries: asked.map(({ id }) => ({
      ...(isAdmin || project === undefined
        ? objectQuery(searchLdapGroup, { query: { groupname: text, source_id: id } })
        : objectQuery(searchDirectoryGroups, {
            params: { project_name_or_id: project },
            query: { groupname: text, source_id: id },
          })),
      retry: false,
    })),
  });
  const found: FoundGroups[] = asked.map((source, index) => ({ source, groups: answers[index]?.data ?? [] }));
  return { found, isSearching: answers.some(({ isFetching }) => isFetching), silent: silentOf(asked, answers) };
}

/** People the directories find by a part of their name, to be made members of the project. */
export function useDirectoryUsers(text: string, sources: readonly GroupSource[], project: string | undefined) {
  const asked = project !== undefined && text.length >= SHORTEST ? sources.filter(({ kind }) => kind === 'ldap') : NONE;
  const answers = useQueries({
    queries: asked.map(({ id }) => ({
      ...objectQuery(searchDirectoryUsers, {
        params: { project_name_or_id: project ?? '' },
        query: { username: text, source_id: id },
      }),
      retry: false,
    })),
  });
  return {
    found: asked.flatMap((source, index) => (answers[index]?.data ?? []).map((user) => ({ ...user, source }))),
    isSearching: answers.some(({ isFetching }) => isFetching),
    silent: silentOf(asked, answers),
  };
}

/** Names of the directories that did not answer. */
function silentOf(asked: readonly GroupSource[], answers: readonly { readonly isError: boolean }[]): string[] {
  return asked.filter((_source, index) => answers[index]?.isError).map(({ name }) => name);
}
