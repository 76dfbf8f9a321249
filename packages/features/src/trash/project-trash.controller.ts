import { listTrashedProjects, purgeProject, restoreProject } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ProjectTrashService } from './project-trash.service.ts';

@Controller()
export class ProjectTrashController {
  readonly #projects: ProjectTrashService;

  constructor(projects: ProjectTrashService) {
    this.#projects = projects;
  }

  @Serve(listTrashedProjects)
  list(@Input() { caller, list }: Call<typeof listTrashedProjects>) {
    return this.#projects.list(caller.principal, list);
  }

  @Serve(restoreProject)
  restore(@Input() { caller, params, body }: Call<typeof restoreProject>) {
    return this.#projects.restore(caller, params.item_id, body.name);
  }

  @Serve(purgeProject)
  purge(@Input() { caller, params }: Call<typeof purgeProject>) {
    return this.#projects.purge(caller, params.item_id);
  }
}
