import type { Sql } from '@moorage/database';
import type { z } from 'zod';

/**
 * A kind of work: data that producers import without importing the processor. Payloads carry ids, never rows or secrets,
 * because they are read again, possibly much later and more than once.
 */
export interface JobDefinition<Payload = unknown> {
  /** `<room>.<verb-object>`, unique in the product. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** How often a task may start before it ends as Error. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles with each further one, at most an hour. */
  readonly backoffMs: number;
  /** A task that runs longer is aborted and counts as a failed attempt. */
  readonly timeoutMs: number;
}

/** Declares a job; only fixes the types. */
export function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}

/** What a processor gets. It must be safe to run twice: a killed worker's task starts again from the beginning. */
export interface TaskContext<Payload> {
  readonly taskId: number;
  readonly executionId: number;
  readonly payload: Payload;
  /** Aborts on timeout, on stop by a user, and when the worker shuts down. */
  readonly signal: AbortSignal;
  /** Stores facts shown while the task runs and after it, for example counters. */
  readonly report: (facts: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Stores facts of the whole execution; keys given again replace what was there. */
  readonly summarise: (facts: Readonly<Record<string, unknown>>) => Promise<void>;
  /**
   * Counts in the transaction of the work itself, so that the numbers tell exactly what was done wherever a worker dies.
   * Watchers hear of it with the next report.
   */
  readonly count: (sql: Sql, done: DoneWork) => Promise<void>;
  /** Adds a line to the log of the task. Lines are written in batches, at the latest when the task ends. */
  readonly log: (text: string, level?: LogLevel) => void;
  /** Resolves when every line so far is stored; a task that says much waits for it now and then. */
  readonly logged: () => Promise<void>;
  /** Adds tasks to this execution, which ends with the last of them. A task that runs twice must not add them twice. */
  readonly spawn: (tasks: readonly PlannedTask[]) => Promise<void>;
  /** As `spawn`, but the run waits, and says why, until somebody releases it. */
  readonly hold: (tasks: readonly PlannedTask[], message: string) => Promise<void>;
}

/** What a piece of work adds to the facts of its task, and to those of the run. */
export interface DoneWork {
  /** Numbers that come on top of the number facts of the task. */
  readonly add: Readonly<Record<string, number>>;
  /** What each of them is called in the facts of the execution, where it comes on top as well. */
  readonly names: Readonly<Record<string, string>>;
  /** Facts of the task that take the place of former ones, such as where it goes on. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Level of a line in a task's log. */
export type LogLevel = 'INFO' | 'WARNING' | 'ERROR';

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

export interface Processor<Payload = unknown> {
  readonly definition: JobDefinition<Payload>;
  run(context: TaskContext<Payload>): Promise<void>;
}

/** Binds a definition to the code that runs it. */
export function processor<Payload>(
  definition: JobDefinition<Payload>,
  run: (context: TaskContext<Payload>) => Promise<void>,
): Processor {
  return { definition, run } as unknown as Processor;
}

/**
 * Work that recurs every few seconds and leaves no record: delivery and folding. One process runs it at a time; it must
 * be idempotent and bounded, and is simply run again at the next tick when it fails.
 */
export interface Pulse {
  /** `<room>.<verb-object>`. */
  readonly name: string;
  readonly everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}

/** A recurring execution. The row in `schedules` is the truth; this is what it is created from. */
export interface ScheduleDefinition {
  readonly name: string;
  readonly vendorType: string;
  /** As the wire names it; Custom unless said otherwise. */
  readonly kind?: string;
  /** Five or six fields; times are UTC. */
  readonly cron: string;
  readonly job: JobDefinition;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Thrown by a processor when trying again cannot help; the task ends as Error at once. */
export class PermanentFailure extends Error {}

/** What one room contributes to the worker. */
export interface RoomJobs {
  readonly processors?: readonly Processor[];
  readonly pulses?: readonly Pulse[];
}
