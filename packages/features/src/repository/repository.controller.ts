import {
  deleteRepository,
  getRepository,
  listAllRepositories,
  listRepositories,
  updateRepository,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { RepositoryService } from './repository.service.ts';

@Controller()
export class RepositoryController {
  readonly #repositories: RepositoryService;

  constructor(repositories: RepositoryService) {
    this.#repositories = repositories;
  }

  @Serve(listAllRepositories)
  listAll(@Input() { caller, list }: Call<typeof listAllRepositories>) {
    return this.#repositories.listReadable(caller.principal, list);
  }

  @Serve(listRepositories)
  list(@Input() { project, list }: Call<typeof listRepositories>) {
    return this.#repositories.list(project, list);
  }

  @Serve(getRepository)
  get(@Input() { project, params }: Call<typeof getRepository>) {
    return this.#repositories.get(project, params.repository_name);
  }

  @Serve(updateRepository)
  update(@Input() { caller, project, params, body }: Call<typeof updateRepository>) {
    return this.#repositories.update(caller, project, params.repository_name, body.description);
  }

  @Serve(deleteRepository)
  delete(@Input() { caller, project, params }: Call<typeof deleteRepository>) {
    return this.#repositories.delete(caller, project, params.repository_name);
  }
}
