import {
  deleteArtifact,
  getArtifact,
  listAccessories,
  listArtifacts,
  listArtifactsOfProject,
  listReferrers,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ArtifactService } from './artifact.service.ts';
import { ArtifactChangeService } from './artifact-change.service.ts';

@Controller()
export class ArtifactController {
  readonly #artifacts: ArtifactService;
  readonly #changes: ArtifactChangeService;

  constructor(artifacts: ArtifactService, changes: ArtifactChangeService) {
    this.#artifacts = artifacts;
    this.#changes = changes;
  }

  @Serve(listArtifacts)
  list(@Input() { project, params, query, list }: Call<typeof listArtifacts>) {
    return this.#artifacts.list(project, params.repository_name, query, list);
  }

  @Serve(listArtifactsOfProject)
  listOfProject(@Input() { project, query, list }: Call<typeof listArtifactsOfProject>) {
    return this.#artifacts.listOfProject(project, query.latest_in_repository, query, list);
  }

  @Serve(getArtifact)
  get(@Input() { project, params, query }: Call<typeof getArtifact>) {
    return this.#artifacts.get(project, params.repository_name, params.reference, query);
  }

  @Serve(deleteArtifact)
  delete(@Input() { caller, project, params }: Call<typeof deleteArtifact>) {
    return this.#changes.delete(caller, project, params.repository_name, params.reference);
  }

  @Serve(listAccessories)
  listAccessories(@Input() { project, params, list }: Call<typeof listAccessories>) {
    return this.#artifacts.listAccessories(project, params.repository_name, params.reference, list);
  }

  @Serve(listReferrers)
  listReferrers(@Input() { project, params, list }: Call<typeof listReferrers>) {
    return this.#artifacts.listReferrers(project, params.repository_name, params.reference, list);
  }
}
