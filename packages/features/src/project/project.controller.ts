import {
  AppError,
  createProject,
  deleteProject,
  getProject,
  getProjectDeletable,
  getProjectSummary,
  headProject,
  listProjects,
  updateProject,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { ProjectService } from './project.service.ts';

@Controller()
export class ProjectController {
  readonly #projects: ProjectService;

  constructor(projects: ProjectService) {
    this.#projects = projects;
  }

  /** Stands before the list: the router gives a HEAD to the first GET of the path otherwise. */
  @Serve(headProject)
  async head(@Input() { caller, query }: Call<typeof headProject>): Promise<void> {
    if (!(await this.#projects.exists(caller.principal, query.project_name))) {
      throw new AppError('NOT_FOUND', 'There is no project of that name that you may see.');
    }
  }

  @Serve(listProjects)
  list(@Input() { caller, query, list }: Call<typeof listProjects>) {
    return this.#projects.list(
      caller.principal,
      { name: query.name, isPublic: query.public, owner: query.owner },
      list,
    );
  }

  @Serve(createProject)
  async create(@Input() { caller, body, request }: Call<typeof createProject>) {
    const { id, name } = await this.#projects.create(caller, body);
    const byName = request.get('x-resource-name-in-location') === 'true';
    return new Created(byName ? name : id);
  }

  @Serve(getProject)
  get(@Input() { caller, project }: Call<typeof getProject>) {
    return this.#projects.get(caller.principal, project);
  }

  @Serve(updateProject)
  update(@Input() { caller, project, body }: Call<typeof updateProject>) {
    return this.#projects.update(caller, project, body);
  }

  @Serve(deleteProject)
  delete(@Input() { caller, project, query }: Call<typeof deleteProject>) {
    return this.#projects.delete(caller, project, query.force);
  }

  @Serve(getProjectDeletable)
  deletable(@Input() { project }: Call<typeof getProjectDeletable>) {
    return this.#projects.deletable(project);
  }

  @Serve(getProjectSummary)
  summary(@Input() { caller, project }: Call<typeof getProjectSummary>) {
    return this.#projects.summary(caller.principal, project);
  }
}
