import { z } from 'zod';
import { time } from '../wire/fields.ts';

/** A worker process. */
export const workerPool = z
  .object({
    worker_pool_id: z.string(),
    pid: z.int(),
    host: z.string(),
    concurrency: z.int(),
    start_at: time,
    heartbeat_at: time,
  })
  .meta({ id: 'WorkerPool' });

/** One task a worker process runs. */
export const worker = z
  .object({
    id: z.string(),
    pool_id: z.string(),
    job_name: z.string(),
    job_id: z.string(),
    start_at: time,
    /** What the task said of itself last, as JSON. */
    check_in: z.string(),
    checkin_at: time,
  })
  .meta({ id: 'Worker' });

/** What waits of one kind of work; latency in seconds. */
export const jobQueue = z
  .object({ job_type: z.string(), count: z.int(), latency: z.int(), paused: z.boolean() })
  .meta({ id: 'JobQueue' });

export const queueAction = z
  .strictObject({ action: z.enum(['stop', 'pause', 'resume']) })
  .meta({ id: 'ActionRequest' });

export const scheduleTask = z
  .object({
    id: z.int(),
    vendor_type: z.string(),
    vendor_id: z.int(),
    cron: z.string(),
    update_time: time,
    next_scheduled_time: time.optional(),
  })
  .meta({ id: 'ScheduleTask' });

export const schedulerStatus = z.object({ paused: z.boolean() }).meta({ id: 'SchedulerStatus' });

export const executionStop = z.strictObject({ status: z.literal('Stopped') }).meta({ id: 'StopExecution' });
