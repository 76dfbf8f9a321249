import type { TrashItem } from '@moorage/contracts';
import { type Database, type ListColumns, type ListRows, listRows, type Statement, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';

/** An item as it is shown. */
export interface TrashRow {
  readonly id: number;
  readonly kind: TrashItem['kind'];
  readonly project_id: number;
  readonly project_name: string;
  readonly repository: string | null;
  readonly digest: string | null;
  readonly title: string;
  readonly tags: string[];
  readonly tag_count: number;
  readonly artifact_count: number;
  readonly bytes: number;
  readonly reason: string;
  readonly deleted_by: string;
  readonly execution_id: number | null;
  readonly deleted_at: Date;
  readonly expires_at: Date;
  readonly state: TrashItem['state'];
}

export interface TrashTotals {
  readonly items: number;
  readonly bytes: number;
  readonly exclusive_bytes: number;
  readonly days: number;
  readonly next_expiry: Date | null;
}

const COLUMNS: ListColumns = {
  id: { sql: sql`i.id`, kind: 'number' },
  kind: { sql: sql`i.kind`, kind: 'text' },
  repository: { sql: sql`i.repository`, kind: 'text' },
  digest: { sql: sql`digest_text(i.digest)`, kind: 'text' },
  title: { sql: sql`i.title`, kind: 'text' },
  reason: { sql: sql`i.reason`, kind: 'text' },
  deleted_by: { sql: sql`i.deleted_by`, kind: 'text' },
  execution_id: { sql: sql`i.execution_id`, kind: 'number' },
  bytes: { sql: sql`i.bytes`, kind: 'number' },
  deleted_at: { sql: sql`i.deleted_at`, kind: 'time' },
  expires_at: { sql: sql`i.expires_at`, kind: 'time' },
  project_id: { sql: sql`i.project_id`, kind: 'number' },
  project_name: { sql: sql`p.name`, kind: 'text' },
};
const SELECTED = sql`i.id, i.kind, i.project_id, p.name as project_name, i.repository, digest_text(i.digest) as digest,
  i.title, i.tags, i.tag_count, i.artifact_count, i.bytes, i.reason, i.deleted_by, i.execution_id, i.deleted_at,
  i.expires_at, i.state`;
const FROM = sql`trash_items i join projects p on p.id = i.project_id`;

/** What the trash shows of itself, in SQL. An item that is being emptied is not shown any more. */
export class TrashStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  listOfProject(projectId: number, request: ListRequest): Promise<ListRows<TrashRow>> {
    return this.#list([sql`i.project_id = ${projectId}`, sql`i.kind <> 'project'`], request);
  }

  listAll(request: ListRequest): Promise<ListRows<TrashRow>> {
    return this.#list([], request);
  }

  /** Deleted projects: all of them, or those that one deleted. */
  listProjects(
    actor: { readonly kind: string; readonly id: number } | null,
    request: ListRequest,
  ): Promise<ListRows<TrashRow>> {
    const own = actor && sql`i.details -> 'actor' = ${JSON.stringify({ kind: actor.kind, id: actor.id })}::jsonb`;
    return this.#list([sql`i.kind = 'project'`, ...(own ? [own] : [])], request);
  }

  async find(projectId: number, itemId: number): Promise<TrashRow | null> {
    const [row] = await this.#database.run<TrashRow>(
      sql`select ${SELECTED} from ${FROM}
        where i.project_id = ${projectId} and i.id = ${itemId} and i.kind <> 'project' and i.state <> 'emptying'`,
    );
    return row ?? null;
  }

  async totals(projectId: number): Promise<TrashTotals> {
    const [row] = await this.#database.query<TrashTotals>(
      `select count(*) as items, min(expires_at) as next_expiry, trash_days_of($1) as days,
         (select coalesce(sum(size), 0)::bigint from project_blobs where project_id = $1 and trashed > 0) as bytes,
         (select coalesce(sum(size), 0)::bigint from project_blobs where project_id = $1 and trashed > 0 and links <= trashed)
           as exclusive_bytes
       from trash_items where project_id = $1 and kind <> 'project' and state <> 'emptying'`,
      [projectId],
    );
    if (!row) throw new Error('an aggregate returned nothing');
    return row;
  }

  #list(where: readonly Statement[], request: ListRequest): Promise<ListRows<TrashRow>> {
    return listRows<TrashRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: FROM,
        where: [sql`i.state <> 'emptying'`, ...where],
        tiebreak: sql`i.id`,
      },
      request,
    );
  }
}
