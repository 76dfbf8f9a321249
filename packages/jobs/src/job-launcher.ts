import type { Database, Sql } from '@moorage/database';
import type { z } from 'zod';
import type { JobDefinition } from './job-definition.ts';
import type { Delivery, JobTransport } from './job-transport.ts';
import { type NewExecution, type PreparedExecution, TaskStore } from './task.store.ts';

/** One task to be made, with a payload that fits its definition. */
export interface PlannedTask {
  readonly job: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Checks a payload against its definition when the task is planned, not when it runs. */
export function planTask<Payload>(
  definition: JobDefinition<Payload>,
  payload: z.input<z.ZodType<Payload>>,
): PlannedTask {
  return { job: definition.name, payload: definition.payload.parse(payload) as Readonly<Record<string, unknown>> };
}

/** Starts executions. The rows are written first, in the caller's transaction when one is given; the queue is only told after. */
export class JobLauncher {
  readonly #store: TaskStore;
  readonly #database: Database;
  readonly #transport: JobTransport;
  readonly #onError: (error: unknown) => void;

  constructor(database: Database, transport: JobTransport, onError: (error: unknown) => void) {
    this.#database = database;
    this.#store = new TaskStore(database);
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
