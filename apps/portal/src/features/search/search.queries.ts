import { search, searchArtifacts } from '@moorage/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { artifactCondition } from './artifact-condition.rules.ts';
import type { Sought } from './search-search.ts';

const PER_PAGE = 25;

/** Projects and repositories with the text in their name. */
export function useFoundNames(text: string) {
  return useQuery({ ...objectQuery(search, { query: { q: text } }), enabled: text !== '' });
}

/** Artifacts, the newest first, page by page as they are asked for; `enabled` is false for a text that finds nothing. */
export function useFoundArtifacts(by: Sought, text: string) {
  const condition = artifactCondition(by, text);
  const q = condition === null ? undefined : listQueryText([condition]);
  const found = useInfiniteQuery({
    queryKey: ['search', 'artifacts', q] as const,
    queryFn: async ({ pageParam, signal }) => {
      const { data, total, next } = await call(searchArtifacts, {
        query: { q, page_size: PER_PAGE, sort: '-push_time', ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      });
      return { rows: data, total, next };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled: q !== undefined,
  });
  return { ...found, asked: q !== undefined, rows: found.data?.pages.flatMap((page) => page.rows) };
}
