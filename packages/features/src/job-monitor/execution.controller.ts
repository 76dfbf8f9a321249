import {
  getExecution,
  getExecutionTaskLog,
  listExecutions,
  listExecutionTasks,
  rerunExecution,
  stopExecution,
} from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { executionAnswer, ExecutionService, sendLog, taskAnswer } from '../execution/index.ts';
import { type Call, Created, Input, Page, Serve } from '../http/index.ts';

/** Runs of every kind of work; who asks may see them all. */
const ALL = {};

@Controller()
export class ExecutionController {
  readonly #executions: ExecutionService;

  constructor(executions: ExecutionService) {
    this.#executions = executions;
  }

  @Serve(listExecutions)
  async list(@Input() { list }: Call<typeof listExecutions>) {
    const { rows, total } = await this.#executions.list(ALL, list);
    return new Page(rows.map(executionAnswer), total);
  }

  @Serve(getExecution)
  async get(@Input() { params }: Call<typeof getExecution>) {
    return executionAnswer(await this.#executions.get(ALL, params.execution_id));
  }

  @Serve(stopExecution)
  stop(@Input() { params }: Call<typeof stopExecution>) {
    return this.#executions.stop(ALL, params.execution_id);
  }

  @Serve(rerunExecution)
  async rerun(@Input() { caller, params }: Call<typeof rerunExecution>) {
    const id = await this.#executions.rerun(ALL, params.execution_id, caller);
    return new Created(`/api/v2.0/executions/${id}`);
  }

  @Serve(listExecutionTasks)
  async tasks(@Input() { params, list }: Call<typeof listExecutionTasks>) {
    const { rows, total } = await this.#executions.tasks(ALL, params.execution_id, list);
    return new Page(rows.map(taskAnswer), total);
  }

  @Serve(getExecutionTaskLog)
  async log(@Input() { params }: Call<typeof getExecutionTaskLog>, @Res() response: Response): Promise<void> {
    const tasks = await this.#executions.loggedTasks(ALL, params.execution_id, params.task_id);
    await sendLog(response, this.#executions.log(tasks));
  }
}
