import type { Sql } from '@moorage/database';
import type { AuditEntry, DomainEvent, Occurrence } from './outbox.events.ts';

/** Appends domain events inside the caller's transaction, so that an event exists exactly when its change does. */
export async function appendEvents(sql: Sql, events: readonly DomainEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql.query(
    `insert into outbox_events (name, project_id, payload)
     select name, project_id, payload from unnest($1::text[], $2::int[], $3::jsonb[]) as event (name, project_id, payload)`,
    [
      events.map((event) => event.name),
      events.map((event) => event.projectId),
      events.map((event) => eventPayload(event)),
    ],
  );
}

/** The stored form of an event, for stores that insert it as part of a larger statement. */
export function eventPayload(event: {
  readonly data: object;
  readonly audit?: AuditEntry;
  readonly occurrences?: readonly Occurrence[];
}): string {
  const { data, audit, occurrences } = event;
  // Keys without a value leave no trace in JSON.
  return JSON.stringify({ data, audit, occurrences }, storable);
}

/** Replaces what jsonb cannot hold, so that no text of a caller can make a change fail. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
}
