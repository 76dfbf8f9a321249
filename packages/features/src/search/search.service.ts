import type { AnswerOf, search, searchArtifacts } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { textMap } from '../artifact/index.ts';
import { type ListRequest, Page, type Principal } from '../http/index.ts';
import { ProjectService } from '../project/index.ts';
import { RepositoryService } from '../repository/index.ts';
import { ArtifactSearchStore } from './artifact-search.store.ts';

/** Hits of each kind; who wants more narrows the text or uses the lists. */
const MAX_HITS = 100;

/** Finds projects and repositories by part of their name, among what the principal may see (S54). */
@Injectable()
export class SearchService {
  readonly #projects: ProjectService;
  readonly #repositories: RepositoryService;
  readonly #artifacts: ArtifactSearchStore;

  constructor(projects: ProjectService, repositories: RepositoryService, artifacts: ArtifactSearchStore) {
    this.#projects = projects;
    this.#repositories = repositories;
    this.#artifacts = artifacts;
  }

  /** Artifacts of every project in which the principal may list them, newest first. */
  async artifacts(principal: Principal, request: ListRequest): Promise<Page<AnswerOf<typeof searchArtifacts>[number]>> {
    const { rows, total, next } = await this.#artifacts.list(principal, request);
    return new Page(
      rows.map(({ is_public, annotations, tags, labels, ...row }) => ({
        ...row,
        project_public: is_public,
        tags: [...tags],
        labels: [...labels],
        annotations: textMap(annotations) ?? {},
      })),
      total,
      next,
    );
  }

  async search(principal: Principal, text: string): Promise<AnswerOf<typeof search>> {
    const [projects, repositories] = await Promise.all([
      this.#projects.search(principal, text, MAX_HITS),
      this.#repositories.search(principal, text, MAX_HITS),
    ]);
    return {
      project: projects,
      repository: repositories.map((repository) => ({
        project_id: repository.project_id,
        project_name: repository.project_name,
        project_public: repository.is_public,
        repository_name: repository.name,
        pull_count: repository.pull_count,
        artifact_count: repository.artifact_count,
      })),
    };
  }
}
