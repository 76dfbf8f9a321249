import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import type { StorageProblem } from './storage-check.store.ts';

export interface StorageFinding {
  readonly id: number;
  readonly problem: StorageProblem;
  readonly digest: string;
  readonly size: number;
  readonly state: string;
  readonly detail: string;
  readonly executionId: number | null;
  readonly foundAt: Date;
  readonly resolvedAt: Date | null;
  readonly repositories: readonly string[];
}

interface StoredFinding {
  id: number;
  problem: StorageProblem;
  digest: string;
  size: number;
  state: string;
  detail: string;
  execution_id: number | null;
  found_at: Date;
  resolved_at: Date | null;
  repositories: string[];
}

const COLUMNS: ListColumns = {
  id: { sql: sql`f.id`, kind: 'number' },
  problem: { sql: sql`f.problem`, kind: 'text' },
  state: { sql: sql`f.state`, kind: 'text' },
  creation_time: { sql: sql`f.found_at`, kind: 'time' },
};

/** What was found, for administrators. */
export class StorageFindingStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(request: ListRequest): Promise<ListRows<StorageFinding>> {
    const { rows, total } = await listRows<StoredFinding>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`f.id, f.problem, digest_text(f.digest) as digest, f.size, f.state, f.detail, f.execution_id, f.found_at, f.resolved_at,
          array(select r.name from repository_blobs rb join repositories r on r.id = rb.repository_id where rb.digest = f.digest order by r.name limit 10) as repositories`,
        from: sql`storage_findings f`,
        where: [],
        tiebreak: sql`f.id`,
      },
      request,
    );
    return { rows: rows.map(findingOf), total };
  }
}

function findingOf(row: StoredFinding): StorageFinding {
  return {
    id: row.id,
    problem: row.problem,
    digest: row.digest,
    size: row.size,
    state: row.state,
    detail: row.detail,
    executionId: row.execution_id,
    foundAt: row.found_at,
    resolvedAt: row.resolved_at,
    repositories: row.repositories,
  };
}
