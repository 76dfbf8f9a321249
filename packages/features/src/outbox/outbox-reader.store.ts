import type { Sql } from '@moorage/database';
import type { AuditEntry, EventPosition, Occurrence, StoredEvent } from './outbox.events.ts';

interface EventRow {
  id: number;
  transaction: string;
  name: string;
  project_id: number | null;
  payload: {
    data: Readonly<Record<string, unknown>>;
    audit?: AuditEntry;
    occurrences?: readonly { at: string; requestId: string }[];
  };
  occurred_at: Date;
}

/**
 * Events after a position, oldest first. Stays below the oldest transaction that is still writing, so that nothing which
 * commits late is skipped; such a transaction delays later events until it ends.
 */
export async function readEvents(sql: Sql, after: EventPosition, limit: number): Promise<StoredEvent[]> {
  const rows = await sql.query<EventRow>(
    `select id, transaction::text as transaction, name, project_id, payload, occurred_at from outbox_events
     where (transaction, id) > ($1::xid8, $2::bigint) and transaction < pg_snapshot_xmin(pg_current_snapshot())
     order by outbox_events.transaction, id limit $3`,
    [after.transaction, after.id, limit],
  );
  return rows.map((row) => ({
    position: { transaction: row.transaction, id: row.id },
    name: row.name,
    projectId: row.project_id,
    data: row.payload.data,
    ...(row.payload.audit ? { audit: row.payload.audit } : {}),
    ...(row.payload.occurrences ? { occurrences: row.payload.occurrences.map(occurrenceOf) } : {}),
    occurredAt: row.occurred_at,
  }));
}

/** The position before everything that is not committed yet: what comes after it is new. */
export async function presentPosition(sql: Sql): Promise<EventPosition> {
  const rows = await sql.query<{ transaction: string }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text as transaction',
  );
  return { transaction: rows[0]?.transaction ?? '0', id: 0 };
}

/** Whether the event at a position is still kept, so that reading on from it misses nothing. */
export async function isKept(sql: Sql, position: EventPosition): Promise<boolean> {
  const rows = await sql.query('select 1 from outbox_events where transaction = $1::xid8 and id = $2', [
    position.transaction,
    position.id,
  ]);
  return rows.length > 0;
}

function occurrenceOf({ at, requestId }: { at: string; requestId: string }): Occurrence {
  return { at: new Date(at), requestId };
}
