import { getSignInOptions, searchLdapGroup } from '@moorage/contracts';
import { useQueries, useQuery } from '@tanstack/react-query';
import { objectQuery } from '../api/query.ts';
import { useIsAdmin } from '../session/session.queries.ts';
import type { FoundGroups, GroupSource } from './group-choice.rules.ts';

const NONE: readonly GroupSource[] = [];

/** The enabled identity sources, in the order of the sign-in page. */
export function useGroupSources(): readonly GroupSource[] {
  return useQuery({ ...objectQuery(getSignInOptions, {}), staleTime: 60_000, retry: false }).data?.sources ?? NONE;
}

/** What the directories among the sources find by a part of a group's name. System administrators only may look into them. */
export function useDirectoryGroups(text: string, sources: readonly GroupSource[]) {
  const mayAsk = useIsAdmin();
  const asked = mayAsk && text !== '' ? sources.filter(({ kind }) => kind === 'ldap') : NONE;
  const answers = useQueries({
    queries: asked.map(({ id }) => ({
      ...objectQuery(searchLdapGroup, { query: { groupname: text, source_id: id } }),
      retry: false,
    })),
  });
  const found: FoundGroups[] = asked.map((source, index) => ({ source, groups: answers[index]?.data ?? [] }));
  return {
    mayAsk,
    found,
    isSearching: answers.some(({ isFetching }) => isFetching),
    /** Names of the directories that did not answer. */
    silent: asked.filter((_source, index) => answers[index]?.isError).map(({ name }) => name),
  };
}
