import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

export interface Quota {
  readonly id: number;
  readonly projectId: number;
  readonly projectName: string;
  readonly ownerName: string;
  /** -1 for unlimited. */
  readonly hardBytes: number;
  readonly usedBytes: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface StoredQuota {
  id: number;
  project_id: number;
  project_name: string;
  owner_name: string;
  hard_bytes: number;
  used_bytes: number;
  created_at: Date;
  updated_at: Date;
}

/** Folded usage and what the ledger still holds, read in one snapshot. */
const USED = sql`(q.used_bytes + coalesce((select sum(l.bytes) from quota_ledger l where l.project_id = q.project_id), 0))::bigint`;
const COLUMNS: ListColumns = {
  id: { sql: sql`q.id`, kind: 'number' },
  name: { sql: sql`p.name`, kind: 'text' },
  'hard.storage': { sql: sql`q.hard_bytes`, kind: 'number' },
  'used.storage': { sql: USED, kind: 'number' },
  creation_time: { sql: sql`q.created_at`, kind: 'time' },
  update_time: { sql: sql`q.updated_at`, kind: 'time' },
};
const SELECTED = sql`q.id, q.project_id, p.name as project_name, u.username as owner_name, q.hard_bytes, ${USED} as used_bytes, q.created_at, q.updated_at`;
const QUOTAS = sql`quotas q join projects p on p.id = q.project_id and p.deleted_at is null join users u on u.id = p.owner_id`;

/** Storage limits and usage of projects in SQL. */
export class QuotaStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of the quotas of all projects, or of one. */
  async list(projectId: number | undefined, request: ListRequest): Promise<ListRows<Quota>> {
    const { rows, total } = await listRows<StoredQuota>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: QUOTAS,
        where: projectId === undefined ? [] : [sql`q.project_id = ${projectId}`],
        tiebreak: sql`q.id`,
      },
      request,
    );
    return { rows: rows.map(quotaOf), total };
  }

  async find(id: number): Promise<Quota | null> {
    const rows = await this.#database.run<StoredQuota>(sql`select ${SELECTED} from ${QUOTAS} where q.id = ${id}`);
    return rows[0] ? quotaOf(rows[0]) : null;
  }

  /** The only writer of a limit after creation. Null when there is no such quota. */
  async changeLimit(id: number, hardBytes: number, eventOf: (before: Quota) => DomainEvent): Promise<Quota | null> {
    return this.#database.transaction(async (transaction) => {
      // The lock comes first: reading and locking in one statement could pair an old limit with a new one.
      await transaction.query('select 1 from quotas where id = $1 for no key update', [id]);
      const rows = await transaction.run<StoredQuota>(sql`select ${SELECTED} from ${QUOTAS} where q.id = ${id}`);
      if (!rows[0]) return null;
      const before = quotaOf(rows[0]);
      if (before.hardBytes === hardBytes) return before;
      await transaction.query('update quotas set hard_bytes = $2, updated_at = now() where id = $1', [id, hardBytes]);
      await appendEvents(transaction, [eventOf(before)]);
      return before;
    });
  }
}

function quotaOf(row: StoredQuota): Quota {
  return {
    id: row.id,
    projectId: row.project_id,
    projectName: row.project_name,
    ownerName: row.owner_name,
    hardBytes: row.hard_bytes,
    usedBytes: row.used_bytes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
