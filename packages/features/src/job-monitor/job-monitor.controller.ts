import {
  actionGetJobLog,
  actionPendingJobs,
  getSchedulePaused,
  getWorkerPools,
  getWorkers,
  listJobQueues,
  listSchedules,
  stopRunningJob,
} from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ExecutionService, sendLog } from '../execution/index.ts';
import { type Call, Input, Serve } from '../http/index.ts';
import { taskIdOf } from './job-monitor.rules.ts';
import { JobMonitorService } from './job-monitor.service.ts';

@Controller()
export class JobMonitorController {
  readonly #monitor: JobMonitorService;
  readonly #executions: ExecutionService;

  constructor(monitor: JobMonitorService, executions: ExecutionService) {
    this.#monitor = monitor;
    this.#executions = executions;
  }

  @Serve(getWorkerPools)
  pools() {
    return this.#monitor.pools();
  }

  @Serve(getWorkers)
  workers(@Input() { params }: Call<typeof getWorkers>) {
    return this.#monitor.workers(params.pool_id);
  }

  @Serve(stopRunningJob)
  stop(@Input() { params }: Call<typeof stopRunningJob>) {
    return this.#monitor.stopTask(taskIdOf(params.job_id));
  }

  @Serve(actionGetJobLog)
  async log(@Input() { params }: Call<typeof actionGetJobLog>, @Res() response: Response): Promise<void> {
    const { id } = await this.#executions.task(taskIdOf(params.job_id));
    await sendLog(response, this.#executions.log([id]));
  }

  @Serve(listJobQueues)
  queues() {
    return this.#monitor.queues();
  }

  @Serve(actionPendingJobs)
  act(@Input() { caller, params, body }: Call<typeof actionPendingJobs>) {
    return this.#monitor.act(caller, params.job_type, body.action);
  }

  @Serve(listSchedules)
  schedules(@Input() { list }: Call<typeof listSchedules>) {
    return this.#monitor.schedules(list);
  }

  @Serve(getSchedulePaused)
  paused(@Input() { params }: Call<typeof getSchedulePaused>) {
    return this.#monitor.isPaused(params.job_type);
  }
}
