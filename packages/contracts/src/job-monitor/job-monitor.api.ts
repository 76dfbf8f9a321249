import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { jobQueue, queueAction, scheduleTask, schedulerStatus, worker, workerPool } from './job-monitor.schema.ts';

const read = { kind: 'system', permission: 'jobservice-monitor:list' } as const;
const act = { kind: 'system', permission: 'jobservice-monitor:stop' } as const;
const tag = 'jobservice';
const jobId = z.string().max(64);
const jobType = z.string().max(64);

export const getWorkerPools = endpoint({
  id: 'getWorkerPools',
  method: 'GET',
  path: '/jobservice/pools',
  tag,
  summary: 'List the worker processes',
  access: read,
  response: z.array(workerPool),
  status: 200,
  errors: [],
});

export const getWorkers = endpoint({
  id: 'getWorkers',
  method: 'GET',
  path: '/jobservice/pools/{pool_id}/workers',
  tag,
  summary: 'List what a worker process runs; `all` for every process',
  access: read,
  params: z.strictObject({ pool_id: z.string().max(64) }),
  response: z.array(worker),
  status: 200,
  errors: ['NOT_FOUND'],
});

export const stopRunningJob = endpoint({
  id: 'stopRunningJob',
  method: 'PUT',
  path: '/jobservice/jobs/{job_id}',
  tag,
  summary: 'Stop a task with the run it belongs to',
  access: act,
  params: z.strictObject({ job_id: jobId }),
  body: z.strictObject({}).optional(),
  status: 200,
  errors: ['NOT_FOUND'],
});

export const actionGetJobLog = endpoint({
  id: 'actionGetJobLog',
  method: 'GET',
  path: '/jobservice/jobs/{job_id}/log',
  tag,
  summary: 'Read the log of a task',
  access: read,
  params: z.strictObject({ job_id: jobId }),
  status: 200,
  raw: true,
  produces: 'text/plain',
  errors: ['NOT_FOUND'],
});

export const listJobQueues = endpoint({
  id: 'listJobQueues',
  method: 'GET',
  path: '/jobservice/queues',
  tag,
  summary: 'List kinds of work, with how much waits and for how long',
  access: read,
  response: z.array(jobQueue),
  status: 200,
  errors: [],
});

export const actionPendingJobs = endpoint({
  id: 'actionPendingJobs',
  method: 'PUT',
  path: '/jobservice/queues/{job_type}',
  tag,
  summary: 'Stop what waits of a kind of work, or let it wait; `all` for every kind, `SCHEDULER` for schedules',
  access: act,
  params: z.strictObject({ job_type: jobType }),
  body: queueAction,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const listSchedules = endpoint({
  id: 'listSchedules',
  method: 'GET',
  path: '/schedules',
  tag: 'schedule',
  summary: 'List all schedules, also those of the product itself',
  access: read,
  response: z.array(scheduleTask),
  status: 200,
  list: { filters: {}, sorts: ['id'], defaultSort: 'id' },
  errors: [],
});

export const getSchedulePaused = endpoint({
  id: 'getSchedulePaused',
  method: 'GET',
  path: '/schedules/{job_type}/paused',
  tag: 'schedule',
  summary: 'Tell whether schedules wait: `all`, or those of one kind of work',
  access: read,
  params: z.strictObject({ job_type: jobType }),
  response: schedulerStatus,
  status: 200,
  errors: ['NOT_FOUND'],
});
