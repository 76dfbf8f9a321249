import { type QueryKey, useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { isMissing, isStatus } from './problem.ts';

/**
 * A query for a page. When loading again fails, as during a restart of the server, what was loaded before stays on the
 * page without an error; only an answer that it may not be seen any more takes it away.
 */
export function useLoad<Data, Key extends QueryKey>(options: UseQueryOptions<Data, Error, Data, Key>) {
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery(options);
  const final = data === undefined || isMissing(error) || isStatus(error, 403);
  return { data, error: final ? error : null, isFetching, dataUpdatedAt, refetch: () => void refetch() };
}
