import {
  deleteProjectRetention,
  exportLifecyclePolicy,
  getProjectRetention,
  getRetentionRun,
  getRetentionRunTaskLog,
  importLifecyclePolicy,
  listRetentionRuns,
  listRetentionRunTasks,
  operateRetentionRun,
  previewRetention,
  putProjectRetention,
  startRetentionRun,
} from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { sendLog } from '../execution/index.ts';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { importLifecyclePolicy as readLifecyclePolicy } from '../retention-rule/index.ts';
import { PreviewService } from './preview.service.ts';
import { RetentionService } from './retention.service.ts';
import { RetentionRunService } from './retention-run.service.ts';

/** The policy of a project with every kind of rule, its preview and its runs. */
@Controller()
export class RetentionPolicyController {
  readonly #policies: RetentionService;
  readonly #previews: PreviewService;
  readonly #runs: RetentionRunService;

  constructor(policies: RetentionService, previews: PreviewService, runs: RetentionRunService) {
    this.#policies = policies;
    this.#previews = previews;
    this.#runs = runs;
  }

  @Serve(getProjectRetention)
  show(@Input() { project }: Call<typeof getProjectRetention>) {
    return this.#policies.show(project);
  }

  @Serve(putProjectRetention)
  async put(@Input() { caller, project, body }: Call<typeof putProjectRetention>) {
    return this.#policies.view(await this.#policies.put(caller, project, body));
  }

  @Serve(deleteProjectRetention)
  delete(@Input() { caller, project }: Call<typeof deleteProjectRetention>) {
    return this.#policies.delete(caller, project);
  }

  @Serve(previewRetention)
  preview(@Input() { project, body, query }: Call<typeof previewRetention>) {
    return this.#previews.preview(project, body, query);
  }

  @Serve(importLifecyclePolicy)
  import(@Input() { body }: Call<typeof importLifecyclePolicy>) {
    return readLifecyclePolicy(body);
  }

  @Serve(exportLifecyclePolicy)
  export(@Input() { project }: Call<typeof exportLifecyclePolicy>) {
    return this.#policies.exportLifecyclePolicy(project);
  }

  @Serve(listRetentionRuns)
  async listRuns(@Input() { project, list }: Call<typeof listRetentionRuns>) {
    return this.#runs.list(await this.#policies.get(project), list);
  }

  @Serve(startRetentionRun)
  async start(@Input() { caller, project, body }: Call<typeof startRetentionRun>) {
    return new Created(await this.#runs.start(caller, project, await this.#policies.get(project), body.dry_run));
  }

  @Serve(getRetentionRun)
  async showRun(@Input() { project, params }: Call<typeof getRetentionRun>) {
    return this.#runs.get(await this.#policies.get(project), params.run_id);
  }

  @Serve(operateRetentionRun)
  async operate(@Input() { caller, project, params, body }: Call<typeof operateRetentionRun>) {
    const policy = await this.#policies.get(project);
    await this.#runs[body.action](caller, project, policy, params.run_id);
  }

  @Serve(listRetentionRunTasks)
  async tasks(@Input() { project, params, list }: Call<typeof listRetentionRunTasks>) {
    return this.#runs.tasks(await this.#policies.get(project), params.run_id, list);
  }

  @Serve(getRetentionRunTaskLog)
  async log(
    @Input() { project, params }: Call<typeof getRetentionRunTaskLog>,
    @Res() response: Response,
  ): Promise<void> {
    const pages = await this.#runs.log(await this.#policies.get(project), params.run_id, params.task_id);
    await sendLog(response, pages);
  }
}
