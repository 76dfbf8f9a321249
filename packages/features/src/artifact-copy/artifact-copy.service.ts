import { AppError } from '@moorage/contracts';
import {
  type ChangeContext,
  parseManifest,
  type RepositoryName,
  type RepositoryScope,
  type Tag,
} from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { type ArtifactName, type ArtifactRow, ArtifactService, parseArtifactName } from '../artifact/index.ts';
import type { Caller, ProjectRef } from '../http/index.ts';
import { registryCaller, SqlMetadataStore } from '../registry/index.ts';
import { inCopyOrder, isAccessoryTag } from './artifact-copy.rules.ts';
import { ArtifactCopyStore, type CopySet } from './artifact-copy.store.ts';

/** Larger families of artifacts are copied by replication. */
const MAX_MANIFESTS = 5000;
const MAX_TAGS = 1000;

/**
 * Copies artifacts within the registry (ART-7): every blob is mounted, every manifest stored as a push would, so that
 * quota, immutability, holds, events and history apply. What a failure leaves is what an aborted push leaves.
 */
@Injectable()
export class ArtifactCopyService {
  readonly #artifacts: ArtifactService;
  readonly #access: AccessService;
  readonly #store: ArtifactCopyStore;
  readonly #content: SqlMetadataStore;

  constructor(artifacts: ArtifactService, access: AccessService, store: ArtifactCopyStore, content: SqlMetadataStore) {
    this.#artifacts = artifacts;
    this.#access = access;
    this.#store = store;
    this.#content = content;
  }

  /** Copies `from` into a repository of the project; answers the digest. Throws CONFLICT when it is there already. */
  async copy(caller: Caller, project: ProjectRef, repository: string, from: string): Promise<string> {
    const source = parseArtifactName(from);
    if (!source) {
      throw new AppError('BAD_REQUEST', 'from: write project/repository:tag or project/repository@digest.');
    }
    const sourceProject = await this.#sourceProject(caller, source);
    const artifact = await this.#artifacts.find(sourceProject, source.repository, source.reference);
    await this.#refuseAccessory(sourceProject, artifact);
    const target = scopeOf(project, repository);
    if (await this.#content.findManifest(target, { digest: artifact.digest })) {
      throw new AppError(
        'CONFLICT',
        `${target.name} has ${artifact.digest} already; add the tags you want to it there.`,
      );
    }
    const set = await this.#store.listSet(sourceProject.id, artifact.id, MAX_MANIFESTS + 1, MAX_TAGS + 1);
    refuseTooLarge(set);
    const context = contextOf(caller, target);
    const origin = scopeOf(sourceProject, source.repository);
    await this.#mountBlobs(context, origin, set);
    for (const manifest of inCopyOrder(set)) await this.#put(context, origin, manifest);
    return artifact.digest;
  }

  /** Who copies reads the content: as much as a pull needs. */
  async #sourceProject(caller: Caller, source: ArtifactName): Promise<ProjectRef> {
    const project = await this.#access.requireProject(caller.principal, source.project, true, 'artifact:read');
    await this.#access.requireInProject(caller.principal, project, 'repository:pull');
    return project;
  }

  async #refuseAccessory(project: ProjectRef, artifact: ArtifactRow): Promise<void> {
    const subject = await this.#store.subjectOf(project.id, artifact.id);
    if (subject === null) return;
    throw new AppError('METHOD_NOT_ALLOWED', `${artifact.digest} belongs to ${subject}; copy that one instead.`);
  }

  async #mountBlobs(context: ChangeContext, origin: RepositoryScope, set: readonly CopySet[]): Promise<void> {
    for (const digest of new Set(set.flatMap((manifest) => manifest.blobs))) {
      const outcome = await this.#content.mountBlob(context, digest, origin);
      if (outcome.status === 'missing') throw vanished(origin, digest);
      // Only the quota refuses a mount; tags are refused by immutability and holds.
      if (outcome.status !== 'linked') throw refusal(outcome, 'DENIED');
    }
  }

  async #put(context: ChangeContext, origin: RepositoryScope, manifest: CopySet): Promise<void> {
    const stored = await this.#content.readManifest(origin, manifest.digest);
    if (!stored) throw vanished(origin, manifest.digest);
    const tags = manifest.isRoot ? manifest.tags : manifest.tags.filter(isAccessoryTag);
    const outcome = await this.#content.putManifest(context, {
      digest: manifest.digest,
      payload: stored.payload,
      ...parseManifest(stored.payload, stored.mediaType),
      tags: tags as Tag[],
      allowMissing: false,
    });
    if (outcome.status === 'missing') throw vanished(origin, outcome.digests[0] ?? manifest.digest);
    if (outcome.status !== 'stored') throw refusal(outcome, 'PRECONDITION');
  }
}

function contextOf(caller: Caller, repository: RepositoryScope): ChangeContext {
  const { requestId: id, address, userAgent } = caller;
  return { repository, caller: registryCaller(caller, 'copy'), request: { id, address, userAgent } };
}

function scopeOf(project: ProjectRef, repository: string): RepositoryScope {
  return { namespaceId: project.id, name: `${project.name}/${repository}` as RepositoryName };
}

function refuseTooLarge(set: readonly CopySet[]): void {
  if (set.length > MAX_MANIFESTS) {
    throw new AppError('PRECONDITION', `More than ${MAX_MANIFESTS} manifests belong to it; replicate it instead.`);
  }
  if (set.some((manifest) => manifest.isRoot && manifest.tags.length > MAX_TAGS)) {
    throw new AppError(
      'PRECONDITION',
      `It has more than ${MAX_TAGS} tags, which would all go along; replicate it instead.`,
    );
  }
}

function refusal(
  outcome: { readonly status: string; readonly message?: string },
  code: 'DENIED' | 'PRECONDITION',
): AppError {
  return new AppError(code, outcome.message ?? 'The artifact changed while it was copied; try again.');
}

function vanished(origin: RepositoryScope, digest: string): AppError {
  return new AppError(
    'NOT_FOUND',
    `${origin.name}@${digest} was deleted while it was copied; nothing refers to the copy.`,
  );
}
