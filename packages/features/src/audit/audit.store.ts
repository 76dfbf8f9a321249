import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';

/** A row of the audit log. */
export interface AuditRow {
  readonly id: number;
  readonly op_time: Date;
  readonly project_id: number | null;
  readonly actor_kind: 'user' | 'robot' | 'federated' | 'anonymous' | 'system';
  readonly username: string;
  readonly credential_kind: string;
  readonly client_address: string;
  readonly user_agent: string;
  readonly request_id: string;
  readonly resource_type: string;
  readonly resource: string;
  readonly operation: string;
  readonly operation_description: string;
  readonly operation_result: boolean;
  readonly status: number;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

const COLUMNS: ListColumns = {
  id: { sql: sql`a.id`, kind: 'number' },
  username: { sql: sql`a.username`, kind: 'text' },
  resource: { sql: sql`a.resource`, kind: 'text' },
  resource_type: { sql: sql`a.resource_type`, kind: 'text' },
  operation: { sql: sql`a.operation`, kind: 'text' },
  op_time: { sql: sql`a.op_time`, kind: 'time' },
  operation_description: { sql: sql`a.operation_description`, kind: 'text' },
  operation_result: { sql: sql`a.operation_result`, kind: 'boolean' },
  actor_kind: { sql: sql`a.actor_kind`, kind: 'text' },
  credential_kind: { sql: sql`a.credential_kind`, kind: 'text' },
  client_address: { sql: sql`a.client_address`, kind: 'text' },
  request_id: { sql: sql`a.request_id`, kind: 'text' },
  status: { sql: sql`a.status`, kind: 'number' },
  project_id: { sql: sql`a.project_id`, kind: 'number' },
};

/** Counting tens of millions of rows would take longer than anyone waits; beyond this the total says this number. */
const COUNT_LIMIT = 100_000;

/** The audit log in SQL; written by {@link deliverAudit} only. */
export class AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of the whole log, or of one project's. The total stops at {@link COUNT_LIMIT}. */
  list(projectId: number | null, request: ListRequest): Promise<ListRows<AuditRow>> {
    return listRows<AuditRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`a.id, a.op_time, a.project_id, a.actor_kind, a.username, a.credential_kind, a.client_address,
          a.user_agent, a.request_id, a.resource_type, a.resource, a.operation, a.operation_description,
          a.operation_result, a.status, a.before, a.after`,
        from: sql`audit_logs a`,
        where: projectId === null ? [] : [sql`a.project_id = ${projectId}`],
        tiebreak: sql`a.id`,
        countLimit: COUNT_LIMIT,
      },
      request,
    );
  }
}
