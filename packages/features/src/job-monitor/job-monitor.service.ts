import {
  type AnswerOf,
  AppError,
  type getWorkerPools,
  type getWorkers,
  type listJobQueues,
  type listSchedules,
} from '@moorage/contracts';
import { Database } from '@moorage/database';
import { nextTick, type Pool, QueueStore } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { ExecutionService, ScheduleService } from '../execution/index.ts';
import { type Caller, type ListRequest, nameOf, Page } from '../http/index.ts';
import { KNOWN_WORK, SCHEDULER, workName } from './job-monitor.rules.ts';

/** Executions stopped by one order at most. */
const STOP_BATCH = 10_000;

/** What the workers do, what waits for them, and what comes by itself (JOB-4). */
@Injectable()
export class JobMonitorService {
  readonly #queues: QueueStore;
  readonly #executions: ExecutionService;
  readonly #schedules: ScheduleService;
  readonly #clock: Clock;

  constructor(database: Database, executions: ExecutionService, schedules: ScheduleService, clock: Clock) {
    this.#queues = new QueueStore(database);
    this.#executions = executions;
    this.#schedules = schedules;
    this.#clock = clock;
  }

  async pools(): Promise<AnswerOf<typeof getWorkerPools>> {
    return (await this.#queues.pools()).map((pool) => ({
      worker_pool_id: pool.id,
      pid: pool.pid,
      host: pool.host,
      concurrency: pool.concurrency,
      start_at: pool.startedAt,
      heartbeat_at: pool.heartbeatAt,
    }));
  }

  /** What a worker process runs, or with `all` every one. Throws NOT_FOUND for a process that is gone. */
  async workers(poolId: string): Promise<AnswerOf<typeof getWorkers>> {
    const pools = await this.#queues.pools();
    const chosen = poolId === 'all' ? pools : pools.filter(({ id }) => id === poolId);
    if (poolId !== 'all' && chosen.length === 0) {
      throw new AppError('NOT_FOUND', `There is no worker process ${JSON.stringify(poolId)}; it may have ended.`);
    }
    return (await Promise.all(chosen.map((pool) => this.#workersOf(pool)))).flat();
  }

  async #workersOf(pool: Pool) {
    return (await this.#queues.runningTasks(pool.id)).map((task, place) => ({
      id: `${pool.id}-${place + 1}`,
      pool_id: pool.id,
      job_name: task.job,
      job_id: String(task.taskId),
      start_at: task.startedAt,
      check_in: JSON.stringify(task.facts),
      checkin_at: task.reportedAt,
    }));
  }

  async queues(): Promise<AnswerOf<typeof listJobQueues>> {
    return (await this.#queues.list(KNOWN_WORK))
      .filter(({ vendorType }) => vendorType !== SCHEDULER)
      .map((queue) => ({
        job_type: queue.vendorType,
        count: queue.waiting,
        latency: queue.latencySeconds,
        paused: queue.paused,
      }));
  }

  /** Stops what waits of a kind of work, holds it back, or lets it go on; `all` is every kind. */
  async act(caller: Caller, jobType: string, action: 'stop' | 'pause' | 'resume'): Promise<void> {
    for (const name of await this.#namesOf(jobType)) {
      if (action === 'pause') await this.#queues.pause(name, nameOf(caller.principal));
      else if (action === 'resume') await this.#queues.resume(name);
      else await this.#stopWaiting(name);
    }
  }

  async isPaused(jobType: string): Promise<{ paused: boolean }> {
    const name = jobType === 'all' ? SCHEDULER : workName(jobType);
    return { paused: (await this.#queues.isPaused(SCHEDULER)) || (await this.#queues.isPaused(name)) };
  }

  async schedules(request: ListRequest): Promise<Page<AnswerOf<typeof listSchedules>[number]>> {
    const { rows, total } = await this.#schedules.list(request.pageSize, (request.page - 1) * request.pageSize);
    const now = this.#clock.now();
    const items = rows.map((row) => ({
      id: row.id,
      vendor_type: row.vendorType,
      vendor_id: row.vendorId,
      cron: row.cron,
      update_time: row.updatedAt,
      ...(row.enabled ? { next_scheduled_time: nextTick(row.cron, now) } : {}),
    }));
    return new Page(items, total);
  }

  /** Stops the run a task belongs to. Throws NOT_FOUND. */
  async stopTask(taskId: number): Promise<void> {
    const { executionId } = await this.#executions.task(taskId);
    await this.#executions.stop({}, executionId);
  }

  async #namesOf(jobType: string): Promise<readonly string[]> {
    if (jobType !== 'all') return [workName(jobType)];
    return [...(await this.#queues.list(KNOWN_WORK)).map(({ vendorType }) => vendorType)];
  }

  async #stopWaiting(vendorType: string): Promise<void> {
    for (const id of await this.#queues.waitingExecutions(vendorType, STOP_BATCH)) await this.#executions.stop({}, id);
  }
}
