import type { Sql } from '@moorage/database';

/**
 * Waits until every committed event can be read. Readers stay below the oldest writing transaction of the whole server,
 * and other test files write too.
 */
export async function settleEvents(sql: Sql): Promise<void> {
  const pending = 'select 1 from outbox_events where transaction >= pg_snapshot_xmin(pg_current_snapshot()) limit 1';
  while ((await sql.query(pending)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
