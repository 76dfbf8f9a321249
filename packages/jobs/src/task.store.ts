import type { Database, Sql } from '@moorage/database';
import type { DoneWork, PlannedTask } from './job-definition.ts';
import type { Delivery } from './job-transport.ts';
import type { TaskStatus } from './task-state.rules.ts';

export interface NewExecution {
  readonly vendorType: string;
  readonly vendorId: number;
  readonly trigger: 'Manual' | 'Schedule' | 'Event';
  readonly createdBy: string;
  readonly tasks: readonly PlannedTask[];
  /** Whose work it is; absent for work of the installation. */
  readonly projectId?: number | null;
  /** Shown with the execution from its start. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What became of an execution, for those who follow it. */
export interface ExecutionChange {
  readonly executionId: number;
  readonly vendorType: string;
  readonly vendorId: number;
  readonly projectId: number | null;
  readonly status: TaskStatus;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether this is the change that ended it. */
  readonly hasEnded: boolean;
  /** The task that changed, if it was one. */
  readonly task: {
    readonly id: number;
    readonly status: TaskStatus;
    readonly facts: Readonly<Record<string, unknown>>;
  } | null;
}

/** Told of every change in the transaction that makes it. */
export type TellChange = (sql: Sql, change: ExecutionChange) => Promise<void>;

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

/** Facts with some numbers on top; what is not there counts as 0. */
const SUMS = `coalesce((
  select jsonb_object_agg(g.fact, coalesce((extra_attrs ->> g.fact)::numeric, 0) + g.amount)
  from unnest($3::text[], $4::bigint[]) as g (fact, amount)), '{}')`;

/** Execution and task rows: the record of truth of every job. */
export class TaskStore {
  readonly #database: Database;
  readonly #tell: TellChange;

  constructor(database: Database, tell: TellChange = () => Promise.resolve()) {
    this.#database = database;
    this.#tell = tell;
  }

  /** Inserts an execution with its tasks in the caller's transaction; returns what to tell the queue. */
  async insertExecution(sql: Sql, execution: NewExecution): Promise<PreparedExecution> {
    const rows = await sql.query<{ id: number }>(
      `insert into executions (vendor_type, vendor_id, status, trigger, created_by, project_id, extra_attrs)
       values ($1, $2, 'Pending', $3, $4, $5, $6) returning id`,
      [
        execution.vendorType,
        execution.vendorId,
        execution.trigger,
        execution.createdBy,
        execution.projectId ?? null,
        JSON.stringify(execution.facts ?? {}),
      ],
    );
    const { id } = rows[0] as { id: number };
    const deliveries = await this.#insertTasks(sql, id, execution.tasks, true);
    await this.#changed(sql, id, null);
    return { id, deliveries };
  }

  /** Adds tasks to an execution that has not ended; returns what to tell the queue, nothing when it has ended. */
  async addTasks(executionId: number, tasks: readonly PlannedTask[]): Promise<readonly Delivery[]> {
    return this.#database.transaction(async (transaction) => {
      const open = await transaction.query('select 1 from executions where id = $1 and ended_at is null for update', [
        executionId,
      ]);
      return open.length === 0 ? [] : this.#insertTasks(transaction, executionId, tasks, false);
    });
  }

  /** Adds tasks that nobody runs until {@link release}; the execution waits with them and says why. */
  hold(executionId: number, tasks: readonly PlannedTask[], message: string): Promise<void> {
    return this.#database.transaction(async (transaction) => {
      const open = await transaction.query(
        `update executions set status = 'Waiting', status_message = $2, updated_at = now()
         where id = $1 and ended_at is null returning 1`,
        [executionId, message],
      );
      if (open.length === 0) return;
      await this.#insertTasks(transaction, executionId, tasks, false, 'Waiting');
      await this.#changed(transaction, executionId, null);
    });
  }

  /** Lets an execution go on that waits, with these facts; false when it does not wait. Workers begin within a second. */
  async release(sql: Sql, executionId: number, facts: Readonly<Record<string, unknown>>): Promise<boolean> {
    await sql.query(
      `update tasks set status = 'Pending', updated_at = now() where execution_id = $1 and status = 'Waiting'`,
      [executionId],
    );
    const released = await sql.query(
      `update executions set status = 'Running', status_message = '', extra_attrs = extra_attrs || $2::jsonb, updated_at = now()
       where id = $1 and status = 'Waiting' and ended_at is null returning 1`,
      [executionId, JSON.stringify(facts)],
    );
    if (released.length > 0) await this.#changed(sql, executionId, null);
    return released.length > 0;
  }

  /** Records that the queue was told, so that the reconciler leaves these tasks alone for a while. */
  async markEnqueued(taskIds: readonly number[]): Promise<void> {
    await this.#database.query(
      'update tasks set enqueued_at = now() where id = any($1::bigint[]) and ended_at is null',
      [taskIds],
    );
  }

  /** Takes a task for this worker; null when it is final, or running in a live worker. Counts the attempt. */
  claim(taskId: number, workerId: string): Promise<ClaimedTask | null> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query<{
        id: number;
        execution_id: number;
        job: string;
        payload: unknown;
        attempts: number;
      }>(
        `with claimed as (
           update tasks set status = 'Running', attempts = attempts + 1, worker_id = $2, heartbeat_at = now(),
             started_at = coalesce(started_at, now()), updated_at = now()
           where id = $1 and ended_at is null and (status = 'Pending' or heartbeat_at < now() - interval '${HEARTBEAT_LIMIT}')
             and not exists (select from executions e join paused_queues p using (vendor_type) where e.id = tasks.execution_id)
           returning id, execution_id, job, payload, attempts
         ), begun as (
           update executions set status = 'Running', started_at = coalesce(started_at, now()), updated_at = now()
           where id = (select execution_id from claimed) and ended_at is null and status = 'Pending'
         )
         select * from claimed`,
        [taskId, workerId],
      );
      const row = rows[0];
      if (!row) return null;
      await this.#changed(transaction, row.execution_id, row.id);
      return { id: row.id, executionId: row.execution_id, job: row.job, payload: row.payload, attempts: row.attempts };
    });
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

  /** Adds facts to a task that runs; tells of it when asked to. */
  report(task: Pick<ClaimedTask, 'id' | 'executionId'>, facts: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query(
        'update tasks set extra_attrs = extra_attrs || $2::jsonb, updated_at = now() where id = $1',
        [task.id, JSON.stringify(facts)],
      );
      await this.#changed(transaction, task.executionId, task.id);
    });
  }

  /** Adds numbers to facts of a task and of its execution, in the caller's transaction; tells nobody. */
  async count(sql: Sql, task: Pick<ClaimedTask, 'id' | 'executionId'>, { add, names, facts }: DoneWork): Promise<void> {
    const amounts = Object.values(add);
    const keys = Object.keys(add);
    // As everywhere: a task, then its execution.
    await sql.query(
      `update tasks set updated_at = now(), extra_attrs = extra_attrs || $2::jsonb || ${SUMS} where id = $1`,
      [task.id, JSON.stringify(facts ?? {}), keys, amounts],
    );
    await sql.query(
      `update executions set updated_at = now(), extra_attrs = extra_attrs || $2::jsonb || ${SUMS} where id = $1`,
      [task.executionId, '{}', keys.map((key) => names[key] ?? key), amounts],
    );
  }

  /** Adds facts to an execution. */
  summarise(executionId: number, facts: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query(
        'update executions set extra_attrs = extra_attrs || $2::jsonb, updated_at = now() where id = $1',
        [executionId, JSON.stringify(facts)],
      );
      await this.#changed(transaction, executionId, null);
    });
  }

  /**
   * Back to Pending after an attempt that did not end well; `message` is shown meanwhile. With `handOver` the next worker
   * takes it within a second, else the caller tells the queue when.
   */
  async postpone(taskId: number, message: string, handOver: boolean): Promise<void> {
    await this.#database.query(
      `update tasks set status = 'Pending', status_message = $2, heartbeat_at = null, worker_id = null,
         enqueued_at = case when $3 then null else now() end, updated_at = now()
       where id = $1 and ended_at is null`,
      [taskId, message, handOver],
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
      if (executionId === undefined) return;
      const hasEnded = await endExecutionWhenDone(transaction, executionId);
      await this.#changed(transaction, executionId, taskId, hasEnded);
    });
  }

  /** Stops what has not ended; running workers notice at their next heartbeat. */
  async stopExecution(executionId: number): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      // As workers lock: a task, then its execution.
      await transaction.query(
        `update tasks set status = 'Stopped', ended_at = now(), updated_at = now() where execution_id = $1 and ended_at is null`,
        [executionId],
      );
      const hasEnded = await endExecutionWhenDone(transaction, executionId);
      await this.#changed(transaction, executionId, null, hasEnded);
    });
  }

  /** Tasks no queue was told of yet: those of processes without a queue, and of one that died. Oldest first. */
  async listUnannounced(limit: number): Promise<Delivery[]> {
    const rows = await this.#database.query<{ id: number; attempts: number }>(
      `select id, attempts from tasks where ended_at is null and enqueued_at is null and status <> 'Waiting' order by id limit $1`,
      [limit],
    );
    return rows.map((row) => ({ taskId: row.id, attempt: row.attempts }));
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

  async #insertTasks(
    sql: Sql,
    executionId: number,
    tasks: readonly PlannedTask[],
    /** They belong to what was asked for, and are asked for again with it. */
    isFirst: boolean,
    status: 'Pending' | 'Waiting' = 'Pending',
  ): Promise<Delivery[]> {
    const rows = await sql.query<{ id: number }>(
      `insert into tasks (execution_id, job, payload, status, created_at)
       select e.id, given.job, given.payload, $5, case when $4 then e.created_at else clock_timestamp() end
       from executions e, unnest($2::text[], $3::jsonb[]) as given (job, payload) where e.id = $1
       returning id`,
      [executionId, tasks.map((task) => task.job), tasks.map((task) => JSON.stringify(task.payload)), isFirst, status],
    );
    return rows.map(({ id }) => ({ taskId: id, attempt: 0 }));
  }

  async #changed(sql: Sql, executionId: number, taskId: number | null, hasEnded = false): Promise<void> {
    const rows = await sql.query<StoredChange>(
      `select e.vendor_type, e.vendor_id, e.project_id, e.status, e.extra_attrs,
         t.id as task_id, t.status as task_status, t.extra_attrs as task_attrs
       from executions e left join tasks t on t.id = $2 where e.id = $1`,
      [executionId, taskId],
    );
    const row = rows[0];
    if (!row) return;
    await this.#tell(sql, {
      executionId,
      vendorType: row.vendor_type,
      vendorId: row.vendor_id,
      projectId: row.project_id,
      status: row.status,
      facts: row.extra_attrs,
      hasEnded,
      task: row.task_id === null ? null : { id: row.task_id, status: row.task_status, facts: row.task_attrs },
    });
  }
}

interface StoredChange {
  vendor_type: string;
  vendor_id: number;
  project_id: number | null;
  status: TaskStatus;
  extra_attrs: Record<string, unknown>;
  task_id: number | null;
  task_status: TaskStatus;
  task_attrs: Record<string, unknown>;
}

/** Returns whether it ended now. */
async function endExecutionWhenDone(sql: Sql, executionId: number): Promise<boolean> {
  // The lock makes two last tasks that end together see each other.
  await sql.query('select 1 from executions where id = $1 for update', [executionId]);
  const ended = await sql.query(
    `update executions set ended_at = now(), updated_at = now(),
       status = case when exists (select 1 from tasks where execution_id = $1 and status = 'Error') then 'Error'
                     when exists (select 1 from tasks where execution_id = $1 and status = 'Stopped') then 'Stopped' else 'Success' end,
       status_message = coalesce((select t.status_message from tasks t where t.execution_id = $1 and t.status = 'Error' order by t.id limit 1), status_message)
     where id = $1 and ended_at is null and not exists (select 1 from tasks where execution_id = $1 and ended_at is null)
     returning 1`,
    [executionId],
  );
  return ended.length > 0;
}
