import type { Database } from '@moorage/database';

/** What waits of one kind of work. */
export interface JobQueue {
  readonly vendorType: string;
  readonly waiting: number;
  /** Seconds the oldest of them waits. */
  readonly latencySeconds: number;
  readonly paused: boolean;
}

/** A worker process that gave a sign of life within the last minute. */
export interface Pool {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
}

/** A task a worker process runs now. */
export interface RunningTask {
  readonly taskId: number;
  readonly job: string;
  readonly startedAt: Date;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly reportedAt: Date;
}

/** Queues by kind of work, and the processes that empty them. */
export class QueueStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every kind of work that waits, is paused, or is among `known`. */
  async list(known: readonly string[]): Promise<JobQueue[]> {
    const rows = await this.#database.query<{
      vendor_type: string;
      waiting: number;
      latency: number;
      paused: boolean;
    }>(
      `with waiting as (
         select e.vendor_type, count(*) as number, extract(epoch from now() - min(t.created_at))::bigint as latency
         from tasks t join executions e on e.id = t.execution_id
         where t.ended_at is null and t.status = 'Pending' group by e.vendor_type
       )
       select name as vendor_type, coalesce(w.number, 0) as waiting, coalesce(w.latency, 0) as latency, p.vendor_type is not null as paused
       from (select unnest($1::text[]) as name union select vendor_type from waiting union select vendor_type from paused_queues) names
       left join waiting w on w.vendor_type = name left join paused_queues p on p.vendor_type = name
       order by name`,
      [known],
    );
    return rows.map((row) => ({
      vendorType: row.vendor_type,
      waiting: row.waiting,
      latencySeconds: row.latency,
      paused: row.paused,
    }));
  }

  /** Tasks of this kind wait from now on; those that run go on. */
  async pause(vendorType: string, by: string): Promise<void> {
    await this.#database.query(
      'insert into paused_queues (vendor_type, paused_by) values ($1, $2) on conflict do nothing',
      [vendorType, by],
    );
  }

  /** Tasks of this kind are taken again, within about a second. */
  async resume(vendorType: string): Promise<void> {
    await this.#database.query(
      `with resumed as (delete from paused_queues where vendor_type = $1)
       update tasks set enqueued_at = null from executions e
       where e.id = tasks.execution_id and e.vendor_type = $1 and tasks.ended_at is null and tasks.status = 'Pending'`,
      [vendorType],
    );
  }

  async isPaused(vendorType: string): Promise<boolean> {
    return (await this.#database.query('select 1 from paused_queues where vendor_type = $1', [vendorType])).length > 0;
  }

  /** Executions of this kind of which nothing has begun. */
  async waitingExecutions(vendorType: string, limit: number): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      `select id from executions where vendor_type = $1 and ended_at is null and status = 'Pending' order by id limit $2`,
      [vendorType, limit],
    );
    return rows.map(({ id }) => id);
  }

  async pools(): Promise<Pool[]> {
    const rows = await this.#database.query<{
      id: string;
      host: string;
      pid: number;
      concurrency: number;
      started_at: Date;
      heartbeat_at: Date;
    }>(
      `select id, host, pid, concurrency, started_at, heartbeat_at from worker_pools
       where heartbeat_at > now() - interval '1 minute' order by started_at, id limit 1000`,
    );
    return rows.map((row) => ({
      id: row.id,
      host: row.host,
      pid: row.pid,
      concurrency: row.concurrency,
      startedAt: row.started_at,
      heartbeatAt: row.heartbeat_at,
    }));
  }

  /** What a worker process runs, oldest first. */
  async runningTasks(poolId: string): Promise<RunningTask[]> {
    const rows = await this.#database.query<{
      id: number;
      job: string;
      started_at: Date;
      extra_attrs: Record<string, unknown>;
      updated_at: Date;
    }>(
      `select id, job, started_at, extra_attrs, updated_at from tasks
       where worker_id = $1 and ended_at is null and status = 'Running' order by id limit 1000`,
      [poolId],
    );
    return rows.map((row) => ({
      taskId: row.id,
      job: row.job,
      startedAt: row.started_at,
      facts: row.extra_attrs,
      reportedAt: row.updated_at,
    }));
  }
}
