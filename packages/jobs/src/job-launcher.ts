import type { Database, Sql } from '@moorage/database';
import type { Delivery, JobTransport } from './job-transport.ts';
import { type NewExecution, type PreparedExecution, TaskStore, type TellChange } from './task.store.ts';

/** Starts executions. The rows are written first, in the caller's transaction when one is given; the queue is only told after. */
export class JobLauncher {
  readonly #store: TaskStore;
  readonly #database: Database;
  readonly #transport: JobTransport;
  readonly #onError: (error: unknown) => void;

  constructor(database: Database, transport: JobTransport, onError: (error: unknown) => void, tell?: TellChange) {
    this.#database = database;
    this.#store = new TaskStore(database, tell);
    this.#transport = transport;
    this.#onError = onError;
  }

  /** Writes the execution and tells the workers. Returns the execution id once the rows are committed. */
  async launch(execution: NewExecution): Promise<number> {
    const { id, deliveries } = await this.#database.transaction((transaction) =>
      this.#store.insertExecution(transaction, execution),
    );
    await this.announce(deliveries);
    return id;
  }

  /** Writes the execution as part of the caller's transaction. Pass its deliveries to {@link announce} after the commit. */
  prepare(sql: Sql, execution: NewExecution): Promise<PreparedExecution> {
    return this.#store.insertExecution(sql, execution);
  }

  /** Tells the workers of committed tasks. A queue that is down costs only time: the reconciler tells them later. */
  async announce(deliveries: readonly Delivery[], delayMs = 0): Promise<void> {
    if (deliveries.length === 0) return;
    try {
      await this.#transport.send(deliveries, delayMs);
      await this.#store.markEnqueued(deliveries.map((delivery) => delivery.taskId));
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Stops an execution; tasks that run are aborted at their worker's next heartbeat. */
  stop(executionId: number): Promise<void> {
    return this.#store.stopExecution(executionId);
  }
}
