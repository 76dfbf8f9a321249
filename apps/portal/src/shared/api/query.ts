import { ApiError, type CallInput, type Endpoint, type ResponseOf } from '@moorage/contracts';
import { keepPreviousData, QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query';
import { call } from './client.ts';

/** One page of a list. */
export interface ListPage<Rows> {
  readonly rows: Rows;
  /** Matches over all pages. */
  readonly total: number;
}

const MAX_RETRIES = 2;

/** Refusals are final; only an unreachable or failing server is asked again. */
function mayRetry(failures: number, error: unknown): boolean {
  const refused = error instanceof ApiError && error.status < 500;
  return !refused && failures < MAX_RETRIES;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: mayRetry, staleTime: 15_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}

function keyOf<E extends Endpoint>(endpoint: E, input: CallInput<E>) {
  const { params, query } = input as { params?: object; query?: object };
  return [endpoint.tag, endpoint.id, params ?? null, query ?? null] as const;
}

/** Query options of one object. */
export function objectQuery<E extends Endpoint>(endpoint: E, input: CallInput<E>) {
  return queryOptions<ResponseOf<E>, Error, ResponseOf<E>, QueryKey>({
    queryKey: keyOf(endpoint, input),
    queryFn: async ({ signal }) => (await call(endpoint, { ...input, signal })).data,
  });
}

/** Query options of a list page; while the next page loads the present one stays. */
export function listQuery<E extends Endpoint>(endpoint: E, input: CallInput<E>) {
  return queryOptions<ListPage<ResponseOf<E>>, Error, ListPage<ResponseOf<E>>, QueryKey>({
    queryKey: keyOf(endpoint, input),
    queryFn: async ({ signal }) => {
      const { data, total } = await call(endpoint, { ...input, signal });
      return { rows: data, total: total ?? 0 };
    },
    placeholderData: keepPreviousData,
  });
}
