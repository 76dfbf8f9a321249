import { Injectable } from '@nestjs/common';
import { type ListRequest, Page, type ProjectRef } from '../http/index.ts';
import { ArtifactService } from './artifact.service.ts';
import { repositoryTagView, tagView } from './artifact.rules.ts';
import { TagStore } from './tag.store.ts';

/** Tags as the API shows them. */
@Injectable()
export class TagService {
  readonly #artifacts: ArtifactService;
  readonly #tags: TagStore;

  constructor(artifacts: ArtifactService, tags: TagStore) {
    this.#artifacts = artifacts;
    this.#tags = tags;
  }

  async listOfArtifact(project: ProjectRef, repository: string, reference: string, request: ListRequest) {
    const artifact = await this.#artifacts.find(project, repository, reference);
    const { rows, total } = await this.#tags.listOfArtifact(project.id, artifact.id, request);
    return new Page(rows.map(tagView), total);
  }

  /** The tags of a repository, each with what it points at. */
  async listOfRepository(project: ProjectRef, repository: string, request: ListRequest) {
    const repositoryId = await this.#artifacts.repositoryId(project, repository);
    const { rows, total } = await this.#tags.listOfRepository(project.id, repositoryId, request);
    return new Page(rows.map(repositoryTagView), total);
  }
}
