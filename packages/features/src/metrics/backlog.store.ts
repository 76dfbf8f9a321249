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
}
