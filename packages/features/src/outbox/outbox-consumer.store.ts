import type { Database, Sql, Transaction } from '@moorage/database';
import type { StoredEvent } from './outbox.events.ts';
import { readEvents } from './outbox-reader.store.ts';

/** Someone who wants every event exactly once, in order. */
export interface OutboxConsumer {
  /** Names the cursor in the database; changing it means starting over. */
  readonly name: string;
  /** Runs in the transaction that moves the cursor: what it writes with `sql` happens exactly once. */
  deliver(sql: Transaction, events: readonly StoredEvent[]): Promise<void>;
}

const BATCH = 500;

/**
 * Delivers the next batch to a consumer; returns its size, 0 also while another process delivers to the same consumer.
 * When `deliver` throws, the cursor stays and the batch comes again.
 */
export async function deliverEvents(database: Database, consumer: OutboxConsumer, limit = BATCH): Promise<number> {
  await database.query('insert into outbox_consumers (name) values ($1) on conflict (name) do nothing', [
    consumer.name,
  ]);
  return database.transaction(async (transaction) => {
    const cursors = await transaction.query<{ transaction: string; id: number }>(
      `select last_transaction::text as transaction, last_id as id from outbox_consumers
       where name = $1 for update skip locked`,
      [consumer.name],
    );
    if (!cursors[0]) return 0;
    const events = await readEvents(transaction, cursors[0], limit);
    const last = events.at(-1);
    if (!last) return 0;
    await consumer.deliver(transaction, events);
    await transaction.query(
      'update outbox_consumers set last_transaction = $2::xid8, last_id = $3, updated_at = now() where name = $1',
      [consumer.name, last.position.transaction, last.position.id],
    );
    return events.length;
  });
}

/**
 * Removes events older than `keepSeconds` that all these consumers have seen, at most `limit` of them. Events are kept
 * for a while so that interrupted streams can go on. Returns the number removed.
 */
export async function pruneEvents(
  sql: Sql,
  consumers: readonly string[],
  keepSeconds: number,
  limit: number,
): Promise<number> {
  const removed = await sql.query(
    `with seen as (
       select last_transaction, last_id from outbox_consumers where name = any($1::text[])
       order by last_transaction, last_id limit 1
     ), old as (
       select e.id from outbox_events e, seen
       where (e.transaction, e.id) <= (seen.last_transaction, seen.last_id)
         and e.occurred_at < now() - $2 * interval '1 second'
         and (select count(*) from outbox_consumers where name = any($1::text[])) = cardinality($1::text[])
       order by e.transaction, e.id limit $3
     )
     delete from outbox_events using old where outbox_events.id = old.id returning outbox_events.id`,
    [consumers, keepSeconds, limit],
  );
  return removed.length;
}
