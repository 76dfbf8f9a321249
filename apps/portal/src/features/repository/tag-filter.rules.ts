import type { Condition } from '../../shared/list/list-query.rules.ts';
import type { RepositorySearch } from './repository-search.ts';

const DAY_MS = 86_400_000;
/** Content that was never pulled counts as pulled in the year 1, as in Harbor. */
const NEVER = '0001-01-02T00:00:00Z';

/** The conditions of the list of tags, as its address says. Days are whole, so that the list has one address a day. */
export function tagConditions(search: RepositorySearch, now: Date): Condition[] {
  return [
    ...wideConditions(search, now),
    { key: 'type', is: search.type ?? '' },
    { key: 'platform', is: search.platform ?? '' },
    { key: 'pushed_by', is: search.by ?? '' },
    { key: 'labels', is: search.label ?? '' },
    { key: 'immutable', is: search.kept ?? '' },
  ];
}

/** Those that narrow what the facets count; a facet's own choice leaves the others on offer. */
export function wideConditions(search: RepositorySearch, now: Date): Condition[] {
  return [{ key: 'name', contains: search.q ?? '' }, ...timeConditions(search, now)];
}

function timeConditions(search: RepositorySearch, now: Date): Condition[] {
  const ago = (days: number) => dayStart(now.getTime() - days * DAY_MS);
  switch (search.pulled) {
    case 'week':
      return [{ key: 'pull_time', from: ago(7) }];
    case 'not30':
      return [{ key: 'pull_time', to: ago(30) }];
    case 'not90':
      return [{ key: 'pull_time', to: ago(90) }];
    case 'never':
      return [{ key: 'pull_time', to: NEVER }];
    default:
      return [];
  }
}

function dayStart(time: number): string {
  return `${new Date(time).toISOString().slice(0, 10)}T00:00:00Z`;
}

/** Whether the address narrows the list at all. */
export function isTagFilter(search: RepositorySearch): boolean {
  const { q, type, platform, by, label, kept, pulled } = search;
  return [q, type, platform, by, label, kept, pulled].some((part) => part !== undefined);
}
