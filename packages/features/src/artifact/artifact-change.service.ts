import { AppError } from '@moorage/contracts';
import type { Digest, RepositoryName, RepositoryScope, Tag } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { ContentChanges, type RemovalOrigin } from '../content/index.ts';
import { type Caller, nameOf, type ProjectRef } from '../http/index.ts';
import { ArtifactService } from './artifact.service.ts';

/** Deleting artifacts, putting tags on them and taking tags off, over the API. */
@Injectable()
export class ArtifactChangeService {
  readonly #artifacts: ArtifactService;
  readonly #content: ContentChanges;

  constructor(artifacts: ArtifactService, content: ContentChanges) {
    this.#artifacts = artifacts;
    this.#content = content;
  }

  /** Deletes an artifact, by tag or digest, with all its tags, accessories and parts that nothing else needs (ART-8). */
  async delete(caller: Caller, project: ProjectRef, repository: string, reference: string): Promise<void> {
    const artifact = await this.#artifacts.find(project, repository, reference);
    const scope = scopeOf(project, repository);
    const outcome = await this.#content.removeArtifact(scope, artifact.digest, originOf(caller), ({ digest }) => ({
      data: { repository: scope.name, digest },
      audit: auditEntry(caller, {
        resourceType: 'artifact',
        resource: `${scope.name}@${digest}`,
        operation: 'delete',
        ...(digest === artifact.digest ? {} : { description: `deleted with ${scope.name}@${artifact.digest}` }),
      }),
    }));
    if (outcome.status === 'missing') throw gone(scope, artifact.digest);
    if (outcome.status === 'part') {
      throw new AppError('VIOLATE_FOREIGN_KEY_CONSTRAINT', `${outcome.message}.`);
    }
  }

  /** Puts another tag on an artifact; throws CONFLICT when the repository has the tag, wherever it points. */
  async addTag(
    caller: Caller,
    project: ProjectRef,
    repository: string,
    reference: string,
    name: string,
  ): Promise<void> {
    const artifact = await this.#artifacts.find(project, repository, reference);
    const scope = scopeOf(project, repository);
    const tag = { name: name as Tag, digest: artifact.digest, pushedBy: nameOf(caller.principal) };
    const outcome = await this.#content.addTag(scope, tag, {
      data: { repository: scope.name, tag: name, digest: artifact.digest },
      audit: auditEntry(caller, {
        resourceType: 'tag',
        resource: `${scope.name}:${name}`,
        operation: 'create',
        status: 201,
        after: { digest: artifact.digest },
      }),
    });
    if (outcome === 'missing') throw gone(scope, artifact.digest);
    if (outcome === 'exists') {
      throw new AppError(
        'CONFLICT',
        `name: the repository has a tag ${name} already; choose another name or delete that tag.`,
      );
    }
  }

  /** Takes a tag off the artifact it is on; the artifact stays. */
  async removeTag(
    caller: Caller,
    project: ProjectRef,
    repository: string,
    reference: string,
    name: string,
  ): Promise<void> {
    const artifact = await this.#artifacts.find(project, repository, reference);
    const scope = scopeOf(project, repository);
    const removed = await this.#content.removeTag(scope, name as Tag, artifact.digest, originOf(caller), {
      data: { repository: scope.name, tag: name },
      audit: auditEntry(caller, { resourceType: 'tag', resource: `${scope.name}:${name}`, operation: 'delete' }),
    });
    if (!removed) throw new AppError('NOT_FOUND', `The artifact has no tag ${name}.`);
  }
}

function originOf(caller: Caller): RemovalOrigin {
  return { reason: 'deleted', by: nameOf(caller.principal), from: caller.address };
}

function scopeOf(project: ProjectRef, repository: string): RepositoryScope {
  return { namespaceId: project.id, name: `${project.name}/${repository}` as RepositoryName };
}

function gone(scope: RepositoryScope, digest: Digest): AppError {
  return new AppError('NOT_FOUND', `${scope.name}@${digest} was deleted meanwhile.`);
}
