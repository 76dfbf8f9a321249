import { type AnswerOf, AppError, type listTagHistory, type revertTag } from '@moorage/contracts';
import type { Digest, RepositoryName, Tag } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { ArtifactService } from '../artifact/index.ts';
import { auditEntry } from '../audit/index.ts';
import { ContentChanges } from '../content/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import { TagHistoryStore, type TagMoveRow } from './tag-history.store.ts';

type Move = AnswerOf<typeof listTagHistory>[number];

/** What tags pointed at, and the way back there. */
@Injectable()
export class TagHistoryService {
  readonly #artifacts: ArtifactService;
  readonly #history: TagHistoryStore;
  readonly #content: ContentChanges;
  readonly #access: AccessService;

  constructor(artifacts: ArtifactService, history: TagHistoryStore, content: ContentChanges, access: AccessService) {
    this.#artifacts = artifacts;
    this.#history = history;
    this.#content = content;
    this.#access = access;
  }

  /** Moves of a repository's tags, or of one tag, which may be gone. Addresses are shown to readers of the log only. */
  async list(
    caller: Caller,
    project: ProjectRef,
    repository: string,
    tag: string | null,
    request: ListRequest,
  ): Promise<Page<Move>> {
    const repositoryId = await this.#artifacts.repositoryId(project, repository);
    const readsLog = (await this.#access.decideInProject(caller.principal, project, 'log:list')).allowed;
    const { rows, total, next } = await this.#history.list(project.id, repositoryId, tag, request);
    return new Page(
      rows.map((row) => moveView(row, readsLog)),
      total,
      next,
    );
  }

  /** Points the tag at a digest of its history again. Throws PRECONDITION with the reason when that cannot be. */
  async revert(
    caller: Caller,
    project: ProjectRef,
    repository: string,
    tag: string,
    digest: string,
  ): Promise<AnswerOf<typeof revertTag>> {
    const repositoryId = await this.#artifacts.repositoryId(project, repository);
    const last = await this.#history.findLast(project.id, repositoryId, tag, digest);
    if (!last) {
      throw new AppError('PRECONDITION', `The tag ${tag} never pointed at ${digest}; choose a digest of its history.`);
    }
    const name = `${project.name}/${repository}` as RepositoryName;
    const target = { name: tag as Tag, digest: digest as Digest, pushedBy: nameOf(caller.principal), how: 'revert' };
    const outcome = await this.#content.moveTag({ namespaceId: project.id, name }, target, {
      data: { repository: name, tag, digest },
      audit: auditEntry(caller, {
        resourceType: 'tag',
        resource: `${name}:${tag}`,
        operation: 'revert',
        after: { digest },
      }),
    });
    if (outcome.status === 'missing') {
      throw new AppError(
        'PRECONDITION',
        `${name}@${digest}, where ${tag} pointed since ${last.since.toISOString()}, ${last.inTrash ? 'is in the trash: restore it there' : 'was deleted: push it again'}, then revert.`,
      );
    }
    const previous = outcome.status === 'moved' ? outcome.previous : null;
    return { name: tag, digest, ...(previous === null ? {} : { previous_digest: previous }) };
  }
}

function moveView(row: TagMoveRow, readsLog: boolean): Move {
  return {
    id: row.id,
    tag: row.tag,
    ...(row.oldDigest === null ? {} : { old_digest: row.oldDigest }),
    ...(row.newDigest === null ? {} : { new_digest: row.newDigest }),
    operation: row.operation,
    by: row.movedBy,
    ...(readsLog && row.movedFrom !== null ? { from: row.movedFrom } : {}),
    time: row.movedAt,
    exists: row.exists,
    in_trash: row.inTrash,
  };
}
