import { type Condition, listQueryText } from '../../shared/list/list-query.rules.ts';
import { type AuditSearch, SPANS } from './audit-search.ts';

/** Rounded to this, so that a list over "the last hour" is one query for a while and not a new one at each drawing. */
const GRAIN_MS = 60_000;

/** The API's `q` for the filters in the address, seen from `now`. */
export function auditQuery(search: AuditSearch, now: Date): string | undefined {
  const conditions: Condition[] = [
    { key: 'username', contains: search.q ?? '' },
    { key: 'actor_kind', is: search.actor ?? '' },
    { key: 'operation', is: search.operation ?? '' },
    { key: 'resource_type', is: search.type ?? '' },
    { key: 'operation_result', is: search.result === undefined ? '' : String(search.result === 'success') },
    { key: 'op_time', ...rangeOf(search, now) },
  ];
  return listQueryText(conditions);
}

function rangeOf(search: AuditSearch, now: Date): { from?: string; to?: string } {
  if (search.span !== undefined) {
    const start = now.getTime() - SPANS[search.span] * 3_600_000;
    return { from: new Date(Math.floor(start / GRAIN_MS) * GRAIN_MS).toISOString() };
  }
  return { from: timeOf(search.from), to: timeOf(search.to) };
}

function timeOf(text: string | undefined): string {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
