import type { Database, Sql } from '@moorage/database';
import type { Delivery } from './job-transport.ts';
import type { TaskStatus } from './task-state.rules.ts';

export interface NewExecution {
  readonly vendorType: string;
  readonly vendorId: number;
  readonly trigger: 'Manual' | 'Schedule' | 'Event';
  readonly createdBy: string;
  readonly tasks: readonly { readonly job: string; readonly payload: Readonly<Record<string, unknown>> }[];
}

/** An execution whose rows are written, and what the queue must be told once they are committed. */
export interface PreparedExecution {
  readonly id: number;
  readonly deliveries: readonly Delivery[];
}

export interface ClaimedTask {
  readonly id: number;
  readonly executionId: number;
  readonly job: string;
  readonly payload: unknown;
  readonly attempts: number;
}

/** Without a sign of life for this long, a running task's worker is taken for dead. Measured by the database's clock. */
const HEARTBEAT_LIMIT = '45 seconds';
/** A pending task the queue has been told of this long ago is told of again. */
const FORGOTTEN_AFTER = '60 seconds';

/** Execution and task rows: the record of truth of every job. */
export class TaskStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Inserts an execution with its tasks in the caller's transaction; returns what to tell the queue. */
  async insertExecution(sql: Sql, execution: NewExecution): Promise<PreparedExecution> {
    const rows = await sql.query<{ id: number; task_ids: number[] }>(
      `with execution as (
         insert into executions (vendor_type, vendor_id, status, trigger, created_by) values ($1, $2, 'Pending', $3, $4) returning id
       ), task as (
         insert into tasks (execution_id, job, payload, status)
         select execution.id, given.job, given.payload, 'Pending'
         from execution, unnest($5::text[], $6::jsonb[]) as given (job, payload)
         returning id
       )
       select execution.id, (select array_agg(task.id) from task) as task_ids from execution`,
      [
        execution.vendorType,
        execution.vendorId,
        execution.trigger,
        execution.createdBy,
        execution.tasks.map((task) => task.job),
        execution.tasks.map((task) => JSON.stringify(task.payload)),
      ],
    );
    const row = rows[0] as { id: number; task_ids: (string | number)[] | null };
    return { id: row.id, deliveries: (row.task_ids ?? []).map((taskId) => ({ taskId: Number(taskId), attempt: 0 })) };
  }

  /** Records that the queue was told, so that the reconciler leaves these tasks alone for a while. */
  async markEnqueued(taskIds: readonly number[]): Promise<void> {
    await this.#database.query(
      'update tasks set enqueued_at = now() where id = any($1::bigint[]) and ended_at is null',
      [taskIds],
    );
  }

  /** Takes a task for this worker; null when it is final, or running in a live worker. Counts the attempt. */
  async claim(taskId: number): Promise<ClaimedTask | null> {
    const rows = await this.#database.query<{
      id: number;
      execution_id: number;
      job: string;
      payload: unknown;
      attempts: number;
    }>(
      `with claimed as (
         update tasks set status = 'Running', attempts = attempts + 1, heartbeat_at = now(), started_at = coalesce(started_at, now()), updated_at = now()
         where id = $1 and ended_at is null and (status = 'Pending' or heartbeat_at < now() - interval '${HEARTBEAT_LIMIT}')
         returning id, execution_id, job, payload, attempts
       ), begun as (
         update executions set status = 'Running', started_at = coalesce(started_at, now()), updated_at = now()
         where id = (select execution_id from claimed) and ended_at is null and status = 'Pending'
       )
       select * from claimed`,
      [taskId],
    );
    const row = rows[0];
    return row
      ? { id: row.id, executionId: row.execution_id, job: row.job, payload: row.payload, attempts: row.attempts }
      : null;
  }

  /** Signs of life of the tasks this worker runs. Returns those that were stopped meanwhile. */
  async heartbeat(taskIds: readonly number[]): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      `with alive as (update tasks set heartbeat_at = now() where id = any($1::bigint[]) and ended_at is null)
       select id from tasks where id = any($1::bigint[]) and ended_at is not null`,
      [taskIds],
    );
    return rows.map((row) => row.id);
  }

  async report(taskId: number, facts: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#database.query(
      'update tasks set extra_attrs = extra_attrs || $2::jsonb, updated_at = now() where id = $1',
      [taskId, JSON.stringify(facts)],
    );
  }

  /** Back to Pending after a failed attempt; `message` is shown meanwhile. */
  async postpone(taskId: number, message: string): Promise<void> {
    await this.#database.query(
      `update tasks set status = 'Pending', status_message = $2, heartbeat_at = null, enqueued_at = now(), updated_at = now()
       where id = $1 and ended_at is null`,
      [taskId, message],
    );
  }

  /** Ends a task, and its execution when it was the last one. A task that is final already stays as it is. */
  async finish(taskId: number, status: TaskStatus, message: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const rows = await transaction.query<{ execution_id: number }>(
        `update tasks set status = $2, status_message = $3, ended_at = now(), updated_at = now() where id = $1 and ended_at is null returning execution_id`,
        [taskId, status, message],
      );
      const executionId = rows[0]?.execution_id;
      if (executionId !== undefined) await endExecutionWhenDone(transaction, executionId);
    });
  }

  /** Stops what has not ended; running workers notice at their next heartbeat. */
  async stopExecution(executionId: number): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `update tasks set status = 'Stopped', ended_at = now(), updated_at = now() where execution_id = $1 and ended_at is null`,
        [executionId],
      );
      await endExecutionWhenDone(transaction, executionId);
    });
  }

  /** Tasks the queue must be told of: never told, forgotten by it, or left behind by a dead worker. Oldest first. */
  async listLost(limit: number): Promise<Delivery[]> {
    const rows = await this.#database.query<{ id: number; attempts: number }>(
      `select id, attempts from tasks where ended_at is null and (
         (status = 'Pending' and (enqueued_at is null or enqueued_at < now() - interval '${FORGOTTEN_AFTER}'))
         or (status = 'Running' and heartbeat_at < now() - interval '${HEARTBEAT_LIMIT}'))
       order by id limit $1`,
      [limit],
    );
    return rows.map((row) => ({ taskId: row.id, attempt: row.attempts }));
  }

  /** Drops finished executions older than the newest `keep` of each kind. Returns how many. */
  async sweepExecutions(keep: number): Promise<number> {
    const rows = await this.#database.query<{ count: number }>(
      `with ranked as (
         select id, row_number() over (partition by vendor_type, vendor_id order by id desc) as place from executions where ended_at is not null
       ), gone as (delete from executions where id in (select id from ranked where place > $1) returning 1)
       select count(*) as count from gone`,
      [keep],
    );
    return rows[0]?.count ?? 0;
  }
}

async function endExecutionWhenDone(sql: Sql, executionId: number): Promise<void> {
  // The lock makes two last tasks that end together see each other.
  await sql.query('select 1 from executions where id = $1 for update', [executionId]);
  await sql.query(
    `update executions set ended_at = now(), updated_at = now(),
       status = case when exists (select 1 from tasks where execution_id = $1 and status = 'Error') then 'Error'
                     when exists (select 1 from tasks where execution_id = $1 and status = 'Stopped') then 'Stopped' else 'Success' end
     where id = $1 and ended_at is null and not exists (select 1 from tasks where execution_id = $1 and ended_at is null)`,
    [executionId],
  );
}
