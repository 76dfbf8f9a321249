import type { Database } from '@moorage/database';

/** Counting stops here: whether it is ten thousand or a million makes no difference to an alarm. */
const MAX_COUNTED = 10_000;

export interface TaskBacklog {
  readonly job: string;
  readonly status: string;
  readonly tasks: number;
}

export interface OutboxBacklog {
  readonly consumer: string;
  readonly events: number;
}

export interface CollectionFacts {
  /** Of the last collection that ended and was no dry run; null when there was none. */
  readonly endedAt: Date | null;
  readonly freedBytes: number;
  readonly removedBlobs: number;
  /** Blobs whose stored bytes are known to be damaged. */
  readonly damagedBlobs: number;
}

/** What waits to be done, for all processes together. */
export class BacklogStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Connections of this process. */
  get connections() {
    return this.#database.connections;
  }

  /** Tasks that have not ended, by job and status. */
  tasks(): Promise<TaskBacklog[]> {
    return this.#database.query<{ job: string; status: string; tasks: number }>(
      `select job, status, count(*) as tasks from (
         select job, status from tasks where ended_at is null limit ${MAX_COUNTED}
       ) open group by job, status order by job, status`,
    );
  }

  /** Events a consumer of the outbox has yet to see. */
  outbox(): Promise<OutboxBacklog[]> {
    return this.#database.query<{ consumer: string; events: number }>(
      `select name as consumer, (
         select count(*) from (
           select from outbox_events e where (e.transaction, e.id) > (c.last_transaction, c.last_id) limit ${MAX_COUNTED}
         ) waiting
       ) as events
       from outbox_consumers c order by name`,
    );
  }

  /** What the last collection did, and what is wrong in the storage. */
  async collection(): Promise<CollectionFacts> {
    const [row] = await this.#database.query<{
      ended_at: Date | null;
      freed: number;
      removed: number;
      damaged: number;
    }>(
      `select last.ended_at, coalesce((last.extra_attrs ->> 'freed_space')::bigint, 0) as freed,
         coalesce((last.extra_attrs ->> 'purged_blobs')::bigint, 0) as removed,
         (select count(*) from blobs where damaged_at is not null) as damaged
       from (select 1) one left join lateral (
         select ended_at, extra_attrs from executions
         where vendor_type = 'GARBAGE_COLLECTION' and vendor_id = 0 and status = 'Success' and extra_attrs ->> 'dry_run' = 'false'
         order by id desc limit 1
       ) last on true`,
    );
    return {
      endedAt: row?.ended_at ?? null,
      freedBytes: row?.freed ?? 0,
      removedBlobs: row?.removed ?? 0,
      damagedBlobs: row?.damaged ?? 0,
    };
  }
}
