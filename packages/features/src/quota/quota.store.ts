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
  /** -1 for none, null for the share of the settings. */
  readonly softBytes: number | null;
  /** -1 for unlimited. */
  readonly hardArtifacts: number;
  readonly usedArtifacts: number;
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
  soft_bytes: number | null;
  hard_artifacts: number;
  used_artifacts: number;
  created_at: Date;
  updated_at: Date;
}

/** What an update sets; what is undefined stays. */
export interface LimitChange {
  readonly hardBytes?: number | undefined;
  readonly hardArtifacts?: number | undefined;
  readonly softBytes?: number | null | undefined;
}

/** Folded usage and what the ledger still holds, read in one snapshot. */
const USED = sql`(q.used_bytes + coalesce((select sum(l.bytes) from quota_ledger l where l.project_id = q.project_id), 0))::bigint`;
const ARTIFACTS = sql`(q.used_artifacts + coalesce((select sum(l.artifacts) from quota_ledger l where l.project_id = q.project_id), 0))::bigint`;
const COLUMNS: ListColumns = {
  id: { sql: sql`q.id`, kind: 'number' },
  name: { sql: sql`p.name`, kind: 'text' },
  'hard.storage': { sql: sql`q.hard_bytes`, kind: 'number' },
  'used.storage': { sql: USED, kind: 'number' },
  'hard.count': { sql: sql`q.hard_artifacts`, kind: 'number' },
  'used.count': { sql: ARTIFACTS, kind: 'number' },
  creation_time: { sql: sql`q.created_at`, kind: 'time' },
  update_time: { sql: sql`q.updated_at`, kind: 'time' },
};
const SELECTED = sql`q.id, q.project_id, p.name as project_name, u.username as owner_name, q.hard_bytes, ${USED} as used_bytes, q.soft_bytes, q.hard_artifacts, ${ARTIFACTS} as used_artifacts, q.created_at, q.updated_at`;
const QUOTAS = sql`quotas q join projects p on p.id = q.project_id and p.deleted_at is null join users u on u.id = p.owner_id`;

/** Storage limits and usage of projects in SQL. */
export class QuotaStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Bytes of a project that something in its trash needs, also where something live needs them too. */
  async trashBytes(projectId: number): Promise<number> {
    const [row] = await this.#database.query<{ bytes: number }>(
      'select coalesce(sum(size), 0)::bigint as bytes from project_blobs where project_id = $1 and trashed > 0',
      [projectId],
    );
    return row?.bytes ?? 0;
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

  async ofProject(projectId: number): Promise<Quota | null> {
    const rows = await this.#database.run<StoredQuota>(
      sql`select ${SELECTED} from ${QUOTAS} where q.project_id = ${projectId}`,
    );
    return rows[0] ? quotaOf(rows[0]) : null;
  }

  /** The only writer of limits after creation. Null when there is no such quota. */
  async changeLimits(id: number, change: LimitChange, eventOf: (before: Quota) => DomainEvent): Promise<Quota | null> {
    return this.#database.transaction(async (transaction) => {
      // The lock comes first: reading and locking in one statement could pair an old limit with a new one.
      await transaction.query('select 1 from quotas where id = $1 for no key update', [id]);
      const rows = await transaction.run<StoredQuota>(sql`select ${SELECTED} from ${QUOTAS} where q.id = ${id}`);
      if (!rows[0]) return null;
      const before = quotaOf(rows[0]);
      if (!differs(before, change)) return before;
      const { hardBytes, hardArtifacts, softBytes } = { ...before, ...given(change) };
      await transaction.query(
        `update quotas set hard_bytes = $2, hard_artifacts = $3, soft_bytes = $4, updated_at = now() where id = $1`,
        [id, hardBytes, hardArtifacts, softBytes],
      );
      await appendEvents(transaction, [eventOf(before)]);
      return before;
    });
  }
}

function given(change: LimitChange): Partial<Pick<Quota, 'hardBytes' | 'hardArtifacts' | 'softBytes'>> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function differs(before: Quota, change: LimitChange): boolean {
  const after = { ...before, ...given(change) };
  return (['hardBytes', 'hardArtifacts', 'softBytes'] as const).some((key) => after[key] !== before[key]);
}

function quotaOf(row: StoredQuota): Quota {
  return {
    id: row.id,
    projectId: row.project_id,
    projectName: row.project_name,
    ownerName: row.owner_name,
    hardBytes: row.hard_bytes,
    usedBytes: row.used_bytes,
    softBytes: row.soft_bytes,
    hardArtifacts: row.hard_artifacts,
    usedArtifacts: row.used_artifacts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
