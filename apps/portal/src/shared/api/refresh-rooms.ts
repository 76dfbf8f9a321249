import type { QueryClient } from '@tanstack/react-query';

/** Marks what the named rooms answered as old; what is shown of it is loaded again. */
export function refreshRooms(queries: QueryClient, ...tags: readonly string[]): Promise<void> {
  return queries.invalidateQueries({ predicate: (query) => tags.includes(String(query.queryKey[0])) });
}
