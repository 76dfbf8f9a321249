import { type AnswerOf, AppError, type getRepository } from '@moorage/contracts';
import type { RepositoryName } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { ContentChanges } from '../content/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type Principal, type ProjectRef } from '../http/index.ts';
import { type FoundRepository, type RepositoryRow, RepositoryStore } from './repository.store.ts';

type RepositoryAnswer = AnswerOf<typeof getRepository>;

/** What the audit log keeps of a description. */
const AUDITED_LENGTH = 1024;

/** Repositories as people see them: lists, counters, description (ART-10). */
@Injectable()
export class RepositoryService {
  readonly #store: RepositoryStore;
  readonly #content: ContentChanges;

  constructor(store: RepositoryStore, content: ContentChanges) {
    this.#store = store;
    this.#content = content;
  }

  async list(project: ProjectRef, request: ListRequest): Promise<Page<RepositoryAnswer>> {
    const { rows, total } = await this.#store.list(project.id, request);
    return new Page(rows.map(viewOf), total);
  }

  /** The repositories of every project in which the principal may list them (S54). */
  async listReadable(principal: Principal, request: ListRequest): Promise<Page<RepositoryAnswer>> {
    const { rows, total } = await this.#store.listReadable(principal, request);
    return new Page(rows.map(viewOf), total);
  }

  /** Repositories the principal may list whose full name holds the text, best matches first. */
  search(principal: Principal, text: string, limit: number): Promise<FoundRepository[]> {
    return this.#store.search(principal, text, limit);
  }

  /** `name` is the part after the project. */
  async get(project: ProjectRef, name: string): Promise<RepositoryAnswer> {
    const row = await this.#store.find(project.id, `${project.name}/${name}`);
    if (!row) throw missing(project, name);
    return viewOf(row);
  }

  /** Changes the description when one is given; nothing else of a repository is anyone's to write. */
  async update(caller: Caller, project: ProjectRef, name: string, description: string | undefined): Promise<void> {
    if (description === undefined) {
      await this.get(project, name);
      return;
    }
    const fullName = `${project.name}/${name}`;
    const found = await this.#store.changeDescription(project.id, fullName, description, (repositoryId, before) => ({
      name: 'repository.updated',
      projectId: project.id,
      data: { repositoryId, repository: fullName },
      audit: auditEntry(caller, {
        resourceType: 'repository',
        resource: fullName,
        operation: 'update',
        before: { description: before.slice(0, AUDITED_LENGTH) },
        after: { description: description.slice(0, AUDITED_LENGTH) },
      }),
    }));
    if (!found) throw missing(project, name);
  }

  /** Deletes the repository with all its artifacts. */
  async delete(caller: Caller, project: ProjectRef, name: string): Promise<void> {
    const { name: fullName } = await this.get(project, name);
    const scope = { namespaceId: project.id, name: fullName as RepositoryName };
    const origin = { reason: 'deleted', by: nameOf(caller.principal), from: caller.address } as const;
    const removed = await this.#content.removeRepository(scope, origin, ({ id, artifactCount, tagCount, itemId }) => ({
      name: 'repository.deleted',
      projectId: project.id,
      data: { repositoryId: id, repository: fullName, artifactCount, tagCount, trashItemId: itemId },
      audit: auditEntry(caller, {
        resourceType: 'repository',
        resource: fullName,
        operation: 'delete',
        before: { artifact_count: artifactCount, tag_count: tagCount },
      }),
    }));
    if (!removed) throw missing(project, name);
  }
}

function viewOf(row: RepositoryRow): RepositoryAnswer {
  return {
    id: row.id,
    project_id: row.project_id,
    name: row.name,
    description: row.description,
    artifact_count: row.artifact_count,
    pull_count: row.pull_count,
    tag_count: row.tag_count,
    creation_time: row.created_at,
    update_time: row.updated_at,
    ...(row.last_pushed_at === null ? {} : { last_push_time: row.last_pushed_at }),
  };
}

function missing(project: ProjectRef, name: string): AppError {
  return new AppError('NOT_FOUND', `Project ${project.name} has no repository ${name}.`);
}
