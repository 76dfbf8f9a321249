import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';

/** Spans of time one may look back on, in hours. */
export const SPANS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const;
export type Span = keyof typeof SPANS;

/** What an audit list keeps in the address: filters, time, live tail, and the opened entry. */
export const auditSearch = z.object({
  ...listSearch,
  actor: searchChoice(['user', 'robot', 'anonymous', 'system']),
  operation: searchText,
  type: searchText,
  result: searchChoice(['success', 'failure']),
  span: searchChoice(['1h', '24h', '7d', '30d']),
  /** ISO times of an own range. */
  from: searchText,
  to: searchText,
  tail: searchChoice(['on']),
  entry: searchText,
});
export type AuditSearch = z.infer<typeof auditSearch>;
