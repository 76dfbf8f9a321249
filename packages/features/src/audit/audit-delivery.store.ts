import type { Sql } from '@moorage/database';
import type { StoredEvent } from '../outbox/index.ts';
import { auditEventName } from './audit-event-names.rules.ts';

/** A batch of events may tell of very many pulls. */
const ROWS_A_STATEMENT = 5_000;

/**
 * Writes the audit rows of events, except those of disabled names: one an event, or one for each of its occurrences.
 * Idempotent: a row that is there already is left as it is. A month without a partition is caught by the default one.
 */
export async function deliverAudit(
  sql: Sql,
  events: readonly StoredEvent[],
  disabled: ReadonlySet<string> = new Set(),
): Promise<void> {
  const rows = events.flatMap((event) => {
    const { audit } = event;
    if (!audit || disabled.has(auditEventName(audit))) return [];
    const occurrences = event.occurrences ?? [{ at: event.occurredAt, requestId: audit.requestId }];
    return occurrences.map(({ at, requestId }, index) => ({
      event_id: event.position.id,
      event_part: index,
      op_time: at.toISOString(),
      project_id: event.projectId,
      actor_kind: audit.actorKind,
      actor_id: audit.actorId,
      username: audit.username,
      credential_kind: audit.credentialKind,
      client_address: audit.clientAddress,
      user_agent: audit.userAgent,
      request_id: requestId,
      resource_type: audit.resourceType,
      resource: audit.resource,
      operation: audit.operation,
      operation_description: audit.description,
      operation_result: audit.succeeded,
      status: audit.status,
      before: audit.before ?? null,
      after: audit.after ?? null,
    }));
  });
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    await insertRows(sql, rows.slice(start, start + ROWS_A_STATEMENT));
  }
}

async function insertRows(sql: Sql, rows: readonly object[]): Promise<void> {
  await sql.query(
    `insert into audit_logs (event_id, event_part, op_time, project_id, actor_kind, actor_id, username, credential_kind,
       client_address, user_agent, request_id, resource_type, resource, operation, operation_description,
       operation_result, status, before, after)
     select event_id, event_part, op_time, project_id, actor_kind, actor_id, username, credential_kind, client_address, user_agent,
       request_id, resource_type, resource, operation, operation_description, operation_result, status,
       before, after
     from jsonb_to_recordset($1::jsonb) as given (event_id bigint, event_part int, op_time timestamptz, project_id int, actor_kind text,
       actor_id int, username text, credential_kind text, client_address text, user_agent text, request_id text,
       resource_type text, resource text, operation text, operation_description text, operation_result boolean,
       status int, before jsonb, after jsonb)
     order by event_id, event_part
     on conflict (op_time, event_id, event_part) do nothing`,
    [JSON.stringify(rows)],
  );
}

/** Makes the partitions of this and the following months; rows that came too early move along. */
export async function ensureAuditPartitions(sql: Sql, now: Date, monthsAhead: number): Promise<void> {
  for (let ahead = 0; ahead <= monthsAhead; ahead++) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    await sql.query('select ensure_audit_month($1::date)', [month.toISOString().slice(0, 10)]);
  }
}
