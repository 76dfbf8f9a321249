import {
  getRemovalRun,
  listProjectRemovalRuns,
  listRemovalRunItems,
  listRemovalRuns,
  operateRemovalRun,
  previewRemoval,
  removeContent,
  startRemoval,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { RemovalRunService } from './removal-run.service.ts';
import { RemovalService } from './removal.service.ts';

@Controller()
export class RemovalController {
  readonly #removals: RemovalService;
  readonly #runs: RemovalRunService;

  constructor(removals: RemovalService, runs: RemovalRunService) {
    this.#removals = removals;
    this.#runs = runs;
  }

  @Serve(previewRemoval)
  preview(@Input() { project, params, body }: Call<typeof previewRemoval>) {
    return this.#removals.preview(project, params.repository_name, body);
  }

  @Serve(removeContent)
  remove(@Input() { caller, project, params, body }: Call<typeof removeContent>) {
    return this.#removals.remove(caller, project, params.repository_name, body);
  }

  @Serve(startRemoval)
  async start(@Input() { caller, project, params, body }: Call<typeof startRemoval>) {
    const run = await this.#runs.start(caller, project, params.repository_name, body);
    return new Created(run.id, run);
  }

  @Serve(listRemovalRuns)
  list(@Input() { project, params, list }: Call<typeof listRemovalRuns>) {
    return this.#runs.list(project, params.repository_name, list);
  }

  @Serve(listProjectRemovalRuns)
  listOfProject(@Input() { project, list }: Call<typeof listProjectRemovalRuns>) {
    return this.#runs.listOfProject(project, list);
  }

  @Serve(getRemovalRun)
  get(@Input() { project, params }: Call<typeof getRemovalRun>) {
    return this.#runs.get(project, params.repository_name, params.removal_id);
  }

  @Serve(listRemovalRunItems)
  left(@Input() { project, params, list }: Call<typeof listRemovalRunItems>) {
    return this.#runs.left(project, params.repository_name, params.removal_id, list);
  }

  @Serve(operateRemovalRun)
  operate(@Input() { caller, project, params, body }: Call<typeof operateRemovalRun>) {
    const { repository_name: repository, removal_id: id } = params;
    return body.action === 'stop'
      ? this.#runs.stop(project, repository, id)
      : this.#runs.retry(caller, project, repository, id);
  }
}
