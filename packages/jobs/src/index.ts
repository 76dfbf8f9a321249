export { openTransport, type TransportOptions } from './bullmq-transport.ts';
export {
  defineJob,
  type DoneWork,
  type JobDefinition,
  type LogLevel,
  PermanentFailure,
  type PlannedTask,
  planTask,
  type Processor,
  processor,
  type Pulse,
  type RoomJobs,
  type ScheduleDefinition,
  type TaskContext,
} from './job-definition.ts';
export { sweepExecutions, sweepExecutionsProcessor } from './execution-sweep.jobs.ts';
export { type Execution, type ExecutionScope, ExecutionStore, type Task } from './execution.store.ts';
export { JobLauncher } from './job-launcher.ts';
export type { JobTransport } from './job-transport.ts';
export { checkRedis } from './redis-check.ts';
export { type JobQueue, type Pool, QueueStore, type RunningTask } from './queue.store.ts';
export { cronProblem, nextTick } from './schedule.rules.ts';
export { type NewSchedule, type Schedule, ScheduleStore, type VendorRef } from './schedule.store.ts';
export { type StoredLogLine, TaskLogStore } from './task-log.store.ts';
export type { TaskStatus } from './task-state.rules.ts';
export { type ExecutionChange, type NewExecution, TaskStore, type TellChange } from './task.store.ts';
export { WorkerRuntime, type WorkerOptions } from './worker-runtime.ts';
