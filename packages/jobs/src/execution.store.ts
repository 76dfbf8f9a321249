import {
  allOf,
  type Database,
  type ListColumns,
  type ListPageRequest,
  type ListRows,
  listRows,
  type Sql,
  sql,
} from '@moorage/database';
import type { VendorRef } from './schedule.store.ts';
import type { TaskStatus } from './task-state.rules.ts';

/** One run of something. */
export interface Execution extends VendorRef {
  readonly id: number;
  readonly status: TaskStatus;
  readonly statusMessage: string;
  readonly trigger: 'Manual' | 'Schedule' | 'Event';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly projectId: number | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly updatedAt: Date;
  /** Tasks by status; those of no status are left out. */
  readonly taskCounts: Readonly<Record<string, number>>;
}

export interface Task {
  readonly id: number;
  readonly executionId: number;
  readonly job: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly status: TaskStatus;
  readonly statusMessage: string;
  readonly attempts: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly updatedAt: Date;
}

/** Which executions: of one kind of work, of one object of it, of one project, with these facts; absent means any. */
export interface ExecutionScope {
  readonly vendorType?: string | undefined;
  readonly vendorId?: number | undefined;
  readonly projectId?: number | undefined;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}

interface StoredExecution {
  id: number;
  vendor_type: string;
  vendor_id: number;
  status: TaskStatus;
  status_message: string;
  trigger: Execution['trigger'];
  extra_attrs: Record<string, unknown>;
  project_id: number | null;
  created_by: string;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  updated_at: Date;
  task_counts: Record<string, number> | null;
}

interface StoredTask {
  id: number;
  execution_id: number;
  job: string;
  payload: Record<string, unknown>;
  status: TaskStatus;
  status_message: string;
  attempts: number;
  extra_attrs: Record<string, unknown>;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  updated_at: Date;
}

const EXECUTION_COLUMNS: ListColumns = {
  id: { sql: sql`e.id`, kind: 'number' },
  vendor_type: { sql: sql`e.vendor_type`, kind: 'text' },
  vendor_id: { sql: sql`e.vendor_id`, kind: 'number' },
  status: { sql: sql`e.status`, kind: 'text' },
  trigger: { sql: sql`e.trigger`, kind: 'text' },
  created_by: { sql: sql`e.created_by`, kind: 'text' },
  creation_time: { sql: sql`e.created_at`, kind: 'time' },
  start_time: { sql: sql`e.started_at`, kind: 'time', nullable: true },
  end_time: { sql: sql`e.ended_at`, kind: 'time', nullable: true },
  update_time: { sql: sql`e.updated_at`, kind: 'time' },
};
const TASK_COLUMNS: ListColumns = {
  id: { sql: sql`t.id`, kind: 'number' },
  job: { sql: sql`t.job`, kind: 'text' },
  status: { sql: sql`t.status`, kind: 'text' },
  creation_time: { sql: sql`t.created_at`, kind: 'time' },
  start_time: { sql: sql`t.started_at`, kind: 'time', nullable: true },
  end_time: { sql: sql`t.ended_at`, kind: 'time', nullable: true },
  update_time: { sql: sql`t.updated_at`, kind: 'time' },
};
const SELECTED = sql`e.id, e.vendor_type, e.vendor_id, e.status, e.status_message, e.trigger, e.extra_attrs, e.project_id, e.created_by,
  e.created_at, e.started_at, e.ended_at, e.updated_at,
  (select jsonb_object_agg(status, number) from (select t.status, count(*) as number from tasks t where t.execution_id = e.id group by t.status) counted) as task_counts`;
const SELECTED_TASK = sql`t.id, t.execution_id, t.job, t.payload, t.status, t.status_message, t.attempts, t.extra_attrs, t.created_at, t.started_at, t.ended_at, t.updated_at`;

/** Executions and tasks as people see them; {@link TaskStore} is where workers change them. */
export class ExecutionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of executions, with how many of their tasks are where. */
  async list(scope: ExecutionScope, request: ListPageRequest): Promise<ListRows<Execution>> {
    const { rows, total } = await listRows<StoredExecution>(
      this.#database,
      {
        columns: EXECUTION_COLUMNS,
        select: SELECTED,
        from: sql`executions e`,
        where: conditionsOf(scope),
        tiebreak: sql`e.id`,
      },
      request,
    );
    return { rows: rows.map(executionOf), total };
  }

  /** One execution within a scope. */
  async find(scope: ExecutionScope, id: number): Promise<Execution | null> {
    return this.#first(scope, sql`and e.id = ${id}`);
  }

  /** The newest execution within a scope. */
  newest(scope: ExecutionScope): Promise<Execution | null> {
    return this.#first(scope, sql``);
  }

  /** The execution within a scope that has not ended, if there is one; the oldest of several. */
  async running(scope: ExecutionScope, on: Sql = this.#database): Promise<number | null> {
    const rows = await on.run<{ id: number }>(
      sql`select e.id from executions e where ${allConditions(scope)} and e.ended_at is null order by e.id limit 1`,
    );
    return rows[0]?.id ?? null;
  }

  /** One page of the tasks of an execution. */
  async listTasks(executionId: number, request: ListPageRequest): Promise<ListRows<Task>> {
    const { rows, total } = await listRows<StoredTask>(
      this.#database,
      {
        columns: TASK_COLUMNS,
        select: SELECTED_TASK,
        from: sql`tasks t`,
        where: [sql`t.execution_id = ${executionId}`],
        tiebreak: sql`t.id`,
      },
      request,
    );
    return { rows: rows.map(taskOf), total };
  }

  /** Number facts of the tasks of some executions added up, by execution and name of the fact. */
  async sumTaskFacts(
    executionIds: readonly number[],
    names: readonly string[],
  ): Promise<ReadonlyMap<number, Readonly<Record<string, number>>>> {
    const rows = await this.#database.query<{ execution_id: number; sums: Record<string, number> }>(
      `select execution_id, jsonb_object_agg(name, number) as sums from (
         select t.execution_id, f.name, sum((t.extra_attrs ->> f.name)::numeric) as number
         from tasks t, unnest($2::text[]) as f (name)
         where t.execution_id = any($1::bigint[]) and jsonb_typeof(t.extra_attrs -> f.name) = 'number'
         group by 1, 2
       ) summed group by execution_id`,
      [executionIds, names],
    );
    return new Map(rows.map(({ execution_id: id, sums }) => [id, sums]));
  }

  async findTask(taskId: number): Promise<Task | null> {
    const rows = await this.#database.run<StoredTask>(sql`select ${SELECTED_TASK} from tasks t where t.id = ${taskId}`);
    return rows[0] ? taskOf(rows[0]) : null;
  }

  /** Ids of an execution's tasks in order, at most `limit`. */
  async taskIds(executionId: number, limit: number): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      'select id from tasks where execution_id = $1 order by id limit $2',
      [executionId, limit],
    );
    return rows.map((row) => row.id);
  }

  /** What an execution was asked to do at its start, to ask it again; at most `limit` tasks. Tasks add the others by themselves. */
  async plan(executionId: number, limit: number): Promise<{ job: string; payload: Record<string, unknown> }[]> {
    return this.#database.query<{ job: string; payload: Record<string, unknown> }>(
      `select t.job, t.payload from tasks t join executions e on e.id = t.execution_id and e.created_at = t.created_at
       where e.id = $1 order by t.id limit $2`,
      [executionId, limit],
    );
  }

  async #first(scope: ExecutionScope, more: ReturnType<typeof sql>): Promise<Execution | null> {
    const rows = await this.#database.run<StoredExecution>(
      sql`select ${SELECTED} from executions e where ${allConditions(scope)} ${more} order by e.id desc limit 1`,
    );
    return rows[0] ? executionOf(rows[0]) : null;
  }
}

function conditionsOf({ vendorType, vendorId, projectId, facts }: ExecutionScope) {
  return [
    ...(vendorType === undefined ? [] : [sql`e.vendor_type = ${vendorType}`]),
    ...(vendorId === undefined ? [] : [sql`e.vendor_id = ${vendorId}`]),
    ...(projectId === undefined ? [] : [sql`e.project_id = ${projectId}`]),
    ...(facts === undefined ? [] : [sql`e.extra_attrs @> ${JSON.stringify(facts)}::jsonb`]),
  ];
}

function allConditions(scope: ExecutionScope) {
  return allOf(conditionsOf(scope));
}

function executionOf(row: StoredExecution): Execution {
  return {
    id: row.id,
    vendorType: row.vendor_type,
    vendorId: row.vendor_id,
    status: row.status,
    statusMessage: row.status_message,
    trigger: row.trigger,
    facts: row.extra_attrs,
    projectId: row.project_id,
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    updatedAt: row.updated_at,
    taskCounts: row.task_counts ?? {},
  };
}

function taskOf(row: StoredTask): Task {
  return {
    id: row.id,
    executionId: row.execution_id,
    job: row.job,
    payload: row.payload,
    status: row.status,
    statusMessage: row.status_message,
    attempts: row.attempts,
    facts: row.extra_attrs,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    updatedAt: row.updated_at,
  };
}
