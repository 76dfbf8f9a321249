import type { Database } from '@moorage/database';
import {
  type JobDefinition,
  PermanentFailure,
  type Processor,
  type Pulse,
  type ScheduleDefinition,
} from './job-definition.ts';
import { JobLauncher } from './job-launcher.ts';
import type { JobTransport } from './job-transport.ts';
import { newestDueTick } from './schedule.rules.ts';
import { ScheduleStore } from './schedule.store.ts';
import { afterFailure } from './task-state.rules.ts';
import { TaskLog } from './task-log.ts';
import { TaskLogStore } from './task-log.store.ts';
import { TaskReports } from './task-reports.ts';
import { type ClaimedTask, TaskStore, type TellChange } from './task.store.ts';
import { WorkerPool } from './worker-pool.store.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly transport: JobTransport;
  readonly processors: readonly Processor[];
  readonly pulses: readonly Pulse[];
  readonly schedules: readonly ScheduleDefinition[];
  /** Tasks this process runs at once. */
  readonly concurrency: number;
  readonly onError: (error: unknown, facts: object) => void;
  /** Told of every change of an execution, in the transaction that makes it. */
  readonly tell?: TellChange;
}

/** Also how long a stopped task goes on at most. */
const HEARTBEAT_MS = 3_000;
const ANNOUNCE_MS = 1_000;
const RECONCILE_MS = 15_000;
const SCHEDULE_MS = 5_000;
const LOST_BATCH = 500;
/** Facts of a running task are stored, and told of, at most this often. */
const REPORT_MS = 1_000;
const MAX_MESSAGE = 1024;

/** Runs tasks, pulses and schedules of one worker process. */
export class WorkerRuntime {
  readonly #options: WorkerOptions;
  readonly #tasks: TaskStore;
  readonly #schedules: ScheduleStore;
  readonly #launcher: JobLauncher;
  readonly #processors: ReadonlyMap<string, Processor>;
  readonly #running = new Map<number, AbortController>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #pulseAbort = new AbortController();
  readonly #pool: WorkerPool;
  readonly #logs: TaskLogStore;

  /** Fails when two processors claim one job or a schedule names a job nobody runs. */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#tasks = new TaskStore(options.database, options.tell);
    this.#schedules = new ScheduleStore(options.database);
    this.#logs = new TaskLogStore(options.database);
    this.#pool = new WorkerPool(options.database, options.concurrency);
    this.#launcher = new JobLauncher(
      options.database,
      options.transport,
      (error) => options.onError(error, { part: 'queue' }),
      options.tell,
    );
    this.#processors = new Map(options.processors.map((candidate) => [candidate.definition.name, candidate]));
    if (this.#processors.size !== options.processors.length) throw new Error('two processors claim the same job');
    for (const { name, job } of options.schedules) {
      if (!this.#processors.has(job.name))
        throw new Error(`schedule ${name} names job ${job.name}, which no processor runs`);
    }
  }

  async start(): Promise<void> {
    await this.#schedules.ensure(this.#options.schedules);
    await this.#pool.register();
    this.#options.transport.consume(this.#options.concurrency, (taskId) => this.#runTask(taskId));
    await this.#announcePulses();
    this.#every(HEARTBEAT_MS, 'heartbeat', () => this.#heartbeat());
    this.#every(ANNOUNCE_MS, 'announce', () => this.#announceNew());
    this.#every(SCHEDULE_MS, 'schedule', () => this.startDueSchedules());
    this.#every(RECONCILE_MS, 'reconcile', () => this.reconcile());
  }

  /** Stops taking work, aborts what runs, waits for it, and disconnects. Aborted tasks start again elsewhere. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#pulseAbort.abort(new Error('the worker shuts down'));
    for (const controller of this.#running.values()) controller.abort(new WorkerShutdown());
    await this.#options.transport.close();
    await this.#pool.leave();
  }

  /** Tells the queue of every task it should know and does not, and of the pulses, which a flushed queue forgets too. */
  async reconcile(): Promise<void> {
    await this.#launcher.announce(await this.#tasks.listLost(LOST_BATCH));
    await this.#announcePulses();
  }

  /** Processes that only write rows leave the queue to the workers. */
  async #announceNew(): Promise<void> {
    await this.#launcher.announce(await this.#tasks.listUnannounced(LOST_BATCH));
  }

  /** Starts an execution for every schedule with a due tick; each tick once, however many workers look. */
  async startDueSchedules(): Promise<void> {
    for (const { schedule, since, now } of await this.#schedules.listDueCandidates()) {
      // A schedule of a job that no processor here runs is left to a worker that knows it.
      const job = this.#processors.get(schedule.job ?? '')?.definition;
      const tick = job ? newestDueTick(schedule.cron, since, now) : null;
      if (!job || !tick) continue;
      const deliveries = await this.#options.database.transaction(async (transaction) => {
        if (!(await this.#schedules.takeTick(transaction, schedule.id, tick))) return [];
        const execution = await this.#tasks.insertExecution(transaction, {
          vendorType: schedule.vendorType,
          vendorId: schedule.vendorId,
          trigger: 'Schedule',
          createdBy: schedule.createdBy,
          projectId: schedule.projectId,
          facts: schedule.payload,
          tasks: [{ job: job.name, payload: schedule.payload }],
        });
        await this.#schedules.linkTick(transaction, schedule.id, tick, execution.id);
        return execution.deliveries;
      });
      await this.#launcher.announce(deliveries);
    }
  }

  async #runTask(taskId: number): Promise<void> {
    const task = await this.#tasks.claim(taskId, this.#pool.id);
    if (!task) return;
    const found = this.#processors.get(task.job);
    if (!found) {
      await this.#tasks.finish(
        task.id,
        'Error',
        `No worker knows the job ${task.job}; was it started by a newer version?`,
      );
      return;
    }
    const controller = new AbortController();
    this.#running.set(task.id, controller);
    const timeout = setTimeout(
      () => controller.abort(new Error(`the task ran longer than ${found.definition.timeoutMs} ms`)),
      found.definition.timeoutMs,
    );
    const log = new TaskLog(this.#logs, task.id, (error) => this.#options.onError(error, { part: 'log' }));
    const reports = new TaskReports(REPORT_MS, (facts) => this.#tasks.report(task, facts));
    try {
      const payload = parsePayload(found.definition, task);
      await found.run({
        taskId: task.id,
        executionId: task.executionId,
        payload,
        signal: controller.signal,
        report: (facts) => reports.add(facts),
        summarise: (facts) => this.#tasks.summarise(task.executionId, facts),
        count: (sql, done) => this.#tasks.count(sql, task, done),
        log: (text, level) => log.add(text, level),
        logged: () => log.flush(),
        spawn: async (tasks) => this.#launcher.announce(await this.#tasks.addTasks(task.executionId, tasks)),
        hold: (tasks, message) => this.#tasks.hold(task.executionId, tasks, message),
      });
      controller.signal.throwIfAborted();
      await Promise.all([log.flush(), reports.flush()]);
      await this.#tasks.finish(task.id, 'Success', '');
    } catch (error) {
      const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
      log.add(reason instanceof TaskStopped ? 'Stopped.' : `Ended early: ${messageOf(reason)}`, 'ERROR');
      await Promise.all([log.flush(), reports.flush().catch(() => undefined)]);
      await this.#afterFailure(found.definition, task, reason);
    } finally {
      clearTimeout(timeout);
      this.#running.delete(task.id);
    }
  }

  async #afterFailure(definition: JobDefinition, task: ClaimedTask, error: unknown): Promise<void> {
    const message = messageOf(error);
    if (error instanceof TaskStopped) return;
    if (error instanceof WorkerShutdown) {
      await this.#tasks.postpone(task.id, message, true);
      return;
    }
    this.#options.onError(error, { part: 'task', job: task.job, task_id: task.id, attempt: task.attempts });
    const next = afterFailure(definition, task.attempts, error instanceof PermanentFailure);
    if (next.status === 'Error') {
      await this.#tasks.finish(task.id, 'Error', message);
      return;
    }
    await this.#tasks.postpone(task.id, message, false);
    await this.#launcher.announce([{ taskId: task.id, attempt: task.attempts }], next.delayMs);
  }

  async #heartbeat(): Promise<void> {
    await this.#pool.beat();
    if (this.#running.size === 0) return;
    const stopped = await this.#tasks.heartbeat([...this.#running.keys()]);
    for (const taskId of stopped) this.#running.get(taskId)?.abort(new TaskStopped());
  }

  async #announcePulses(): Promise<void> {
    for (const pulse of this.#options.pulses) {
      await this.#options.transport.pulse(pulse.name, pulse.everyMs, async () => {
        try {
          await pulse.run(this.#pulseAbort.signal);
        } catch (error) {
          this.#options.onError(error, { part: 'pulse', pulse: pulse.name });
        }
      });
    }
  }

  #every(milliseconds: number, part: string, run: () => Promise<void>): void {
    let isBusy = false;
    this.#timers.push(
      setInterval(() => {
        if (isBusy) return;
        isBusy = true;
        run()
          .catch((error: unknown) => this.#options.onError(error, { part }))
          .finally(() => {
            isBusy = false;
          });
      }, milliseconds),
    );
  }
}

class WorkerShutdown extends Error {
  constructor() {
    super('the worker shuts down; the task starts again');
  }
}

class TaskStopped extends Error {}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
}

function parsePayload(definition: JobDefinition, task: ClaimedTask): unknown {
  const result = definition.payload.safeParse(task.payload);
  if (result.success) return result.data;
  throw new PermanentFailure(
    `the payload does not fit job ${definition.name}: ${result.error.issues[0]?.message ?? ''}`,
  );
}
