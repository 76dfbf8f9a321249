import type { Database, Sql } from '@moorage/database';
import { type ListColumns, type ListPageRequest, type ListRows, listRows, sql } from '@moorage/database';
import type { RepositoryName } from '@moorage/distribution';
import { NOTHING_LEFT, type RunProgress } from './removal.rules.ts';

/** Something a run is to remove; digests are the hex of their column. */
export interface RunItem {
  readonly item: number;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** What a run left, or did not reach. */
export interface LeftItem {
  readonly item: number;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly reason: string | null;
  readonly detail: string;
}

const COLUMNS: ListColumns = {
  id: { sql: sql`i.item`, kind: 'number' },
  reason: { sql: sql`coalesce(i.reason, 'not-reached')`, kind: 'text' },
};

/** What runs still have to look at, and what they left and why. A row goes when its tag or artifact goes. */
export class RemovalRunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What a repository is called now; null when it, or its project, is deleted. */
  async nameOf(projectId: number, repositoryId: number): Promise<RepositoryName | null> {
    const [row] = await this.#database.query<{ name: RepositoryName }>(
      `select r.name from repositories r join projects p on p.id = r.project_id and p.deleted_at is null
       where r.project_id = $1 and r.id = $2 and r.trash_item_id is null`,
      [projectId, repositoryId],
    );
    return row?.name ?? null;
  }

  /** Fixes what a run is about, in the order given. */
  async add(on: Sql, executionId: number, items: readonly Omit<RunItem, 'item'>[]): Promise<void> {
    await on.query(
      `insert into removal_items (execution_id, item, tag, digest)
       select $1, given.item, given.tag, decode(given.digest, 'hex')
       from unnest($2::text[], $3::text[]) with ordinality as given (tag, digest, item)`,
      [executionId, items.map(({ tag }) => tag), items.map(({ digest }) => digest)],
    );
  }

  /** The next items nobody looked at, at most `limit`. */
  next(executionId: number, limit: number): Promise<RunItem[]> {
    return this.#database.query<RunItem>(
      `select item, tag, encode(digest, 'hex') as digest from removal_items
       where execution_id = $1 and reason is null order by item limit $2`,
      [executionId, limit],
    );
  }

  /** Notes what became of some items: which stay and why; the others went, and so did artifacts that went along. */
  async settle(
    executionId: number,
    items: readonly RunItem[],
    kept: ReadonlyMap<number, { readonly reason: string; readonly detail: string }>,
    goneDigests: readonly string[],
  ): Promise<void> {
    const stays = [...kept];
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `delete from removal_items where execution_id = $1
           and (item = any($2::int[]) or (tag is null and digest in (select decode(hex, 'hex') from unnest($3::text[]) hex)))`,
        [executionId, items.filter(({ item }) => !kept.has(item)).map(({ item }) => item), goneDigests],
      );
      await transaction.query(
        `update removal_items i set reason = given.reason, detail = given.detail
         from unnest($2::int[], $3::text[], $4::text[]) as given (item, reason, detail)
         where i.execution_id = $1 and i.item = given.item`,
        [
          executionId,
          stays.map(([item]) => item),
          stays.map(([, { reason }]) => reason),
          stays.map(([, { detail }]) => detail),
        ],
      );
    });
  }

  /** How far each of the runs is. */
  async progress(executionIds: readonly number[]): Promise<ReadonlyMap<number, RunProgress>> {
    const rows = await this.#database.query<RunProgress & { execution_id: number }>(
      `select execution_id, count(*) filter (where reason is not null) as kept,
         count(*) filter (where reason is null) as pending
       from removal_items where execution_id = any($1) group by execution_id`,
      [executionIds],
    );
    return new Map([
      ...executionIds.map((id) => [id, NOTHING_LEFT] as const),
      ...rows.map(({ execution_id, ...progress }) => [execution_id, progress] as const),
    ]);
  }

  /** One page of what a run left; while it goes on, only what it has looked at. */
  left(executionId: number, hasEnded: boolean, request: ListPageRequest): Promise<ListRows<LeftItem>> {
    return listRows<LeftItem>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`i.item, i.tag, digest_text(i.digest) as digest, i.reason, i.detail`,
        from: sql`removal_items i`,
        where: [sql`i.execution_id = ${executionId}`, ...(hasEnded ? [] : [sql`i.reason is not null`])],
        tiebreak: sql`i.item`,
      },
      request,
    );
  }

  /** What a run left, as far as it is there now: tags with what they point at now. */
  leftNow(executionId: number, repositoryId: number): Promise<Omit<RunItem, 'item'>[]> {
    return this.#database.query<Omit<RunItem, 'item'>>(
      `select i.tag, encode(coalesce(t.digest, i.digest), 'hex') as digest from removal_items i
       left join tags t on t.repository_id = $2 and t.name = i.tag
       where i.execution_id = $1 and (case when i.tag is null
         then exists (select from manifests m where m.repository_id = $2 and m.digest = i.digest) else t.name is not null end)
       order by i.item`,
      [executionId, repositoryId],
    );
  }
}
