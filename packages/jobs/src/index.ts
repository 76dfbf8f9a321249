export { openTransport, type TransportOptions } from './bullmq-transport.ts';
export {
  defineJob,
  type JobDefinition,
  PermanentFailure,
  type Processor,
  processor,
  type Pulse,
  type RoomJobs,
  type ScheduleDefinition,
  type TaskContext,
} from './job-definition.ts';
export { sweepExecutions, sweepExecutionsProcessor } from './execution-sweep.jobs.ts';
export { JobLauncher, planTask, type PlannedTask } from './job-launcher.ts';
export type { JobTransport } from './job-transport.ts';
export { checkRedis } from './redis-check.ts';
export { type NewExecution, TaskStore } from './task.store.ts';
export { WorkerRuntime, type WorkerOptions } from './worker-runtime.ts';
