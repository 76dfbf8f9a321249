import { AppError } from '@moorage/contracts';
import { Database, type Sql, type Transaction } from '@moorage/database';
import {
  type Execution,
  type ExecutionScope,
  ExecutionStore,
  type NewExecution,
  type Task,
  TaskLogStore,
  TaskStore,
  type TellChange,
} from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { type Caller, type ListRequest, nameOf } from '../http/index.ts';
import { auditEntry } from '../audit/index.ts';
import { appendEvents } from '../outbox/index.ts';
import { canRunAgain, executionEvents } from './execution.rules.ts';

/** Tasks of one run that are asked to run again at most. */
const MAX_RERUN = 100_000;

/** Makes every change of a run a live event, in the transaction of the change. */
export const tellExecution: TellChange = (sql, change) => appendEvents(sql, executionEvents(change));

/** Runs of long work: starting, showing, stopping. Rooms ask it with the scope that is theirs. */
@Injectable()
export class ExecutionService {
  readonly #database: Database;
  readonly #executions: ExecutionStore;
  readonly #tasks: TaskStore;
  readonly #logs: TaskLogStore;

  constructor(database: Database) {
    this.#database = database;
    this.#executions = new ExecutionStore(database);
    this.#tasks = new TaskStore(database, tellExecution);
    this.#logs = new TaskLogStore(database);
  }

  /** Writes a run and its tasks; a worker begins within about a second of the commit. Returns its id. */
  async start(execution: NewExecution, sql?: Sql): Promise<number> {
    const insert = async (on: Sql) => (await this.#tasks.insertExecution(on, execution)).id;
    return sql ? insert(sql) : this.#database.transaction(insert);
  }

  /**
   * Starts a run unless one of the same thing is under way; then throws CONFLICT that names it. `also`: in its
   * transaction; `among`: only runs with these facts are in its way.
   */
  async startAlone(
    execution: NewExecution,
    also?: (transaction: Transaction, id: number) => Promise<void>,
    among?: ExecutionScope['facts'],
  ): Promise<number> {
    const { vendorType, vendorId } = execution;
    return this.#database.transaction(async (transaction) => {
      await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `run ${vendorType} ${vendorId}`,
      ]);
      const running = await this.#executions.running({ vendorType, vendorId, facts: among }, transaction);
      if (running !== null) {
        throw new AppError('CONFLICT', `Run ${running} is under way; wait for its end, or stop it first.`, {
          detail: { execution_id: running },
        });
      }
      const { id } = await this.#tasks.insertExecution(transaction, execution);
      await also?.(transaction, id);
      return id;
    });
  }

  list(scope: ExecutionScope, request: ListRequest): Promise<{ rows: Execution[]; total: number }> {
    return this.#executions.list(scope, request);
  }

  /** A run within a scope. Throws NOT_FOUND. */
  async get(scope: ExecutionScope, id: number): Promise<Execution> {
    const found = await this.#executions.find(scope, id);
    if (!found) throw new AppError('NOT_FOUND', `There is no run ${id}.`);
    return found;
  }

  newest(scope: ExecutionScope): Promise<Execution | null> {
    return this.#executions.newest(scope);
  }

  /** Throws NOT_FOUND for a run outside the scope. */
  async tasks(scope: ExecutionScope, id: number, request: ListRequest): Promise<{ rows: Task[]; total: number }> {
    await this.get(scope, id);
    return this.#executions.listTasks(id, request);
  }

  /** A task by its own id, whatever its run. Throws NOT_FOUND. */
  async task(taskId: number): Promise<Task> {
    const found = await this.#executions.findTask(taskId);
    if (!found) throw new AppError('NOT_FOUND', `There is no task ${taskId}.`);
    return found;
  }

  /** Ids of the tasks whose log a page shows: the one asked for, or all of the run. Throws NOT_FOUND. */
  async loggedTasks(scope: ExecutionScope, id: number, taskId?: number): Promise<number[]> {
    await this.get(scope, id);
    if (taskId === undefined) return this.#executions.taskIds(id, MAX_RERUN);
    const task = await this.task(taskId);
    if (task.executionId !== id) throw new AppError('NOT_FOUND', `Run ${id} has no task ${taskId}.`);
    return [taskId];
  }

  /** The lines of tasks one after the other as text, page by page. */
  async *log(taskIds: readonly number[]): AsyncGenerator<string> {
    for (const taskId of taskIds) {
      for (let after = 0; ; ) {
        const lines = await this.#logs.page(taskId, after, LOG_PAGE);
        const last = lines.at(-1);
        if (!last) break;
        after = last.id;
        yield lines.map(({ loggedAt, level, text }) => `${loggedAt.toISOString()} [${level}] ${text}\n`).join('');
      }
    }
  }

  /** Stops a run; workers give up within seconds. One that has ended stays as it is. Throws NOT_FOUND. */
  async stop(scope: ExecutionScope, id: number): Promise<void> {
    await this.get(scope, id);
    await this.#tasks.stopExecution(id);
  }

  /** Lets a run go on that waits; `also` in the same transaction. False when it does not wait. */
  release(
    id: number,
    facts: Readonly<Record<string, unknown>>,
    also: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const isReleased = await this.#tasks.release(transaction, id, facts);
      if (isReleased) await also(transaction);
      return isReleased;
    });
  }

  /** The oldest run within a scope that has not ended, or null. */
  running(scope: ExecutionScope): Promise<number | null> {
    return this.#executions.running(scope);
  }

  /** Whether a run has more tasks than the one it began with. */
  async hasSpawned(id: number): Promise<boolean> {
    return (await this.#executions.taskIds(id, 2)).length > 1;
  }

  /** Number facts of the tasks of some runs, added up. */
  sumTaskFacts(executionIds: readonly number[], names: readonly string[]) {
    return this.#executions.sumTaskFacts(executionIds, names);
  }

  /** Asks again for what an ended run was asked to do; returns the id of the new run. Throws NOT_FOUND, PRECONDITION. */
  async rerun(scope: ExecutionScope, id: number, caller: Caller): Promise<number> {
    const before = await this.get(scope, id);
    if (before.endedAt === null) throw new AppError('PRECONDITION', `Run ${id} has not ended; stop it first.`);
    const { vendorType, vendorId, projectId } = before;
    if (!canRunAgain(vendorType)) {
      throw new AppError('PRECONDITION', `Run ${id} cannot be begun again here; try again where it was started.`);
    }
    const again = {
      vendorType,
      vendorId,
      projectId,
      trigger: 'Manual' as const,
      createdBy: nameOf(caller.principal),
      facts: { rerun_of: id },
      tasks: await this.#executions.plan(id, MAX_RERUN),
    };
    return this.startAlone(again, (transaction, executionId) => {
      const resource = `${vendorType} ${executionId}`;
      const audit = auditEntry(caller, { resourceType: 'execution', resource, operation: 'rerun', after: { of: id } });
      return appendEvents(transaction, [{ name: 'execution.rerun', projectId, data: { executionId, of: id }, audit }]);
    });
  }
}

const LOG_PAGE = 1_000;
