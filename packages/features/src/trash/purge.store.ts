import type { Sql, Transaction, TransactionalSql } from '@moorage/database';
import { appendEvents, type AuditEntry } from '../outbox/index.ts';
import { dischargeTrash } from '../usage/index.ts';

/** Rows one transaction takes out of the trash. */
const BATCH = 2000;

/** An item that is to go for good. */
export interface ItemToPurge {
  readonly id: number;
  readonly project_id: number;
  readonly kind: string;
  readonly title: string;
}

/** What was marked at once: items, the artifacts and tags in them, and how many of them are projects. */
export interface MarkedTrash {
  readonly items: number;
  readonly rows: number;
  readonly projects: number;
}

const TAKE = (table: string) => `
  with gone as (
    delete from ${table} where item_id = $1 and digest in (
      select digest from ${table} where item_id = $1 order by digest limit ${BATCH}) returning digest
  ) select encode(digest, 'hex') as digest from gone`;

/**
 * Emptying the trash: an item is marked first, after which nobody can restore it, and then emptied in batches, each a
 * transaction that gives its bytes back to the quota. What is interrupted goes on with the next call.
 */
export class PurgeStore {
  readonly #database: TransactionalSql;

  constructor(database: TransactionalSql) {
    this.#database = database;
  }

  /** Marks one item of a project; false when there is none that can be purged now. */
  async mark(projectId: number, itemId: number): Promise<boolean> {
    const rows = await this.#database.query(
      `update trash_items set state = 'emptying'
       where project_id = $1 and id = $2 and state = 'kept' and kind <> 'project' returning id`,
      [projectId, itemId],
    );
    return rows.length > 0;
  }

  /** Marks everything in a project's trash, or in the trash of all projects; answers how much that is. */
  async markAll(sql: Sql, projectId: number | null): Promise<MarkedTrash> {
    const [row] = await sql.query<MarkedTrash>(
      `with marked as (
         update trash_items set state = 'emptying'
         where state = 'kept' and ($1::int is null or (project_id = $1 and kind <> 'project'))
         returning kind, artifact_count + tag_count as size
       ) select count(*) as items, coalesce(sum(size), 0)::bigint as rows, count(*) filter (where kind = 'project') as projects
         from marked`,
      [projectId],
    );
    return row ?? { items: 0, rows: 0, projects: 0 };
  }

  /** Marks what has been here for its time; at most `limit`. */
  async markExpired(limit: number): Promise<number> {
    const rows = await this.#database.query(
      `update trash_items set state = 'emptying' where id in (
         select id from trash_items where state = 'kept' and expires_at <= now() order by expires_at limit $1
         for update skip locked) and state = 'kept' returning id`,
      [limit],
    );
    return rows.length;
  }

  /** Marked items of a project or of all, oldest first. */
  marked(limit: number, projectId: number | null): Promise<ItemToPurge[]> {
    return this.#database.query<ItemToPurge>(
      `select id, project_id, kind, title from trash_items
       where state = 'emptying' and ($2::int is null or project_id = $2) order by id limit $1`,
      [limit, projectId],
    );
  }

  async countMarked(projectId: number | null): Promise<number> {
    const [row] = await this.#database.query<{ left: number }>(
      `select count(*) as left from trash_items where state = 'emptying' and ($1::int is null or project_id = $1)`,
      [projectId],
    );
    return row?.left ?? 0;
  }

  /** Empties a marked item and removes it; tells of it with `trash.purged`. Safe to run twice, and side by side. */
  async empty(item: ItemToPurge, audit: AuditEntry): Promise<void> {
    for (const table of ['trash_manifests', 'trash_blobs']) {
      while ((await this.#database.transaction((transaction) => takeBatch(transaction, item, table))) === BATCH);
    }
    await this.#database.transaction(async (transaction) => {
      const gone = await transaction.query(
        `delete from trash_items where id = $1 and state = 'emptying'
           and not exists (select from trash_manifests where item_id = $1)
           and not exists (select from trash_blobs where item_id = $1) returning id`,
        [item.id],
      );
      if (gone.length === 0) return;
      const data = { trashItemId: item.id, kind: item.kind, title: item.title };
      await appendEvents(transaction, [{ name: 'trash.purged', projectId: item.project_id, data, audit }]);
    });
  }
}

async function takeBatch(transaction: Transaction, item: ItemToPurge, table: string): Promise<number> {
  // One at a time: the end of one batch is no sign that another has ended.
  await transaction.query('select from trash_items where id = $1 for update', [item.id]);
  const rows = await transaction.query<{ digest: string }>(TAKE(table), [item.id]);
  await dischargeTrash(
    transaction,
    item.project_id,
    rows.map((row) => row.digest),
  );
  return rows.length;
}
