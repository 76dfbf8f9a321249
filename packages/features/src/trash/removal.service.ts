import { type AnswerOf, AppError, type previewRemoval, type removeContent } from '@moorage/contracts';
import { Database } from '@moorage/database';
import type { Digest, RepositoryName, RepositoryScope, Tag } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { auditEntry } from '../audit/index.ts';
import {
  ContentRemoval,
  decisionOf,
  digestBytes,
  digestFromHex,
  type EventBody,
  judgeTags,
  type KeptContent,
  type RemovalOrigin,
} from '../content/index.ts';
import { type Caller, nameOf, type ProjectRef } from '../http/index.ts';
import { RemovalPreviewStore } from './removal-preview.store.ts';
import { MAX_SELECTED, RemovalSelectionStore, type Selection } from './removal-selection.store.ts';

type Preview = AnswerOf<typeof previewRemoval>;
type Result = AnswerOf<typeof removeContent>;

/** How much of a long list is shown. */
const SHOWN = 100;

/** Deleting many tags or artifacts at once, and what it would do. */
@Injectable()
export class RemovalService {
  readonly #database: Database;
  readonly #selection: RemovalSelectionStore;
  readonly #previews: RemovalPreviewStore;
  readonly #access: AccessService;
  readonly #removal: ContentRemoval;

  constructor(database: Database, access: AccessService) {
    this.#database = database;
    this.#selection = new RemovalSelectionStore(database);
    this.#previews = new RemovalPreviewStore(database);
    this.#access = access;
    this.#removal = new ContentRemoval(database);
  }

  /** What {@link remove} would do now, decided by the same code on one snapshot. */
  async preview(project: ProjectRef, repository: string, selection: Selection): Promise<Preview> {
    const scope = scopeOf(project, repository);
    const repositoryId = await this.#find(project, repository);
    const answer =
      selection.mode === 'untag'
        ? await this.#previewTags(project, repositoryId, selection)
        : await this.#previewArtifacts(project, repositoryId, scope, selection);
    const { days, until } = await this.#previews.keeping(project.id);
    return { ...answer, trash_days: days, expires_at: until };
  }

  /** Removes what is selected; needs `tag:delete` to take tags off. */
  async remove(caller: Caller, project: ProjectRef, repository: string, selection: Selection): Promise<Result> {
    if (selection.mode === 'untag') {
      await this.#access.requireInProject(caller.principal, project, 'tag:delete');
    }
    const repositoryId = await this.#find(project, repository);
    const scope = scopeOf(project, repository);
    const origin: RemovalOrigin = { reason: 'deleted', by: nameOf(caller.principal), from: caller.address };
    const outcome =
      selection.mode === 'untag'
        ? await this.#removal.removeTags({
            repository: scope,
            tags: await this.#tags(project, repositoryId, selection),
            origin,
            eventOf: (tag) => eventOf(caller, scope, { tag }, `${scope.name}:${tag}`, 'tag'),
          })
        : await this.#removal.removeArtifacts({
            repository: scope,
            artifacts: (await this.#artifacts(project, repositoryId, selection)).map((hex) => ({
              digest: digestFromHex(hex),
            })),
            along: true,
            origin,
            eventOf: ({ digest, root }) =>
              eventOf(
                caller,
                scope,
                { digest },
                `${scope.name}@${digest}`,
                'artifact',
                root === digest ? undefined : `deleted with ${scope.name}@${root}`,
              ),
          });
    return {
      removed_tags: outcome.removedTags.length,
      removed_artifacts: outcome.removed.length,
      kept: outcome.kept.slice(0, SHOWN).map(staysView),
      kept_total: outcome.kept.length,
      trash_items: outcome.itemIds.slice(0, SHOWN),
    };
  }

  async #previewTags(project: ProjectRef, repositoryId: number, selection: Selection): Promise<BarePreview> {
    const tags = await this.#tags(project, repositoryId, selection);
    const { going, kept } = await judgeTags(this.#database, { projectId: project.id, repositoryId }, tags);
    return {
      tags: going.length,
      artifacts: 0,
      bytes_freed: 0,
      goes: going.slice(0, SHOWN).map((tag) => ({
        kind: 'tag',
        name: tag.name,
        digest: tag.digest,
        size: 0,
        because: 'asked',
        of: tag.digest,
      })),
      goes_total: going.length,
      stays: kept.slice(0, SHOWN).map(staysView),
      stays_total: kept.length,
      pulled_recently: [],
      pulled_recently_total: 0,
    };
  }

  async #previewArtifacts(
    project: ProjectRef,
    repositoryId: number,
    scope: RepositoryScope,
    selection: Selection,
  ): Promise<BarePreview> {
    const roots = await this.#artifacts(project, repositoryId, selection);
    const { removed, kept, ids, tagCount } = await decisionOf(this.#database, {
      projectId: scope.namespaceId,
      repositoryId,
      roots,
    });
    const facts = await this.#previews.factsOf(
      project.id,
      removed.map((gone) => ids.get(gone.digest) ?? 0),
    );
    const first = removed.slice(0, SHOWN);
    const shown = await this.#previews.shownOf(
      project.id,
      first.map((gone) => ids.get(gone.digest) ?? 0),
      SHOWN,
    );
    const goes = first.flatMap((gone): Preview['goes'] => {
      const id = ids.get(gone.digest) ?? 0;
      const tags = shown.tags.filter((tag) => tag.manifest_id === id).map((tag) => tag.name);
      const artifact = { digest: gone.digest, size: shown.sizes.get(id) ?? 0 };
      return [
        { kind: 'artifact', name: tags[0] ?? '', because: gone.because, of: gone.of, ...artifact },
        ...tags.map((name) => ({
          kind: 'tag' as const,
          name,
          because: 'artifact' as const,
          of: gone.digest,
          digest: gone.digest,
          size: 0,
        })),
      ];
    });
    return {
      tags: tagCount,
      artifacts: removed.length,
      bytes_freed: facts.bytesFreed,
      goes: goes.slice(0, SHOWN),
      goes_total: removed.length + tagCount,
      stays: kept.slice(0, SHOWN).map(staysView),
      stays_total: kept.length,
      pulled_recently: facts.pulled.map(({ name, digest, pull_time }) => ({ name, digest, pull_time })),
      pulled_recently_total: facts.pulledTotal,
    };
  }

  async #tags(project: ProjectRef, repositoryId: number, selection: Selection) {
    const tags = await this.#selection.tags(project.id, repositoryId, selection);
    refuseTooMany(tags.length);
    const found = new Set(tags.map((tag) => tag.name));
    return [
      ...tags.map((tag) => ({ name: tag.name as Tag, digest: digestFromHex(tag.digest) })),
      ...selection.tags.filter((name) => !found.has(name)).map((name) => ({ name: name as Tag, digest: undefined })),
    ];
  }

  async #artifacts(project: ProjectRef, repositoryId: number, selection: Selection): Promise<string[]> {
    const digests = selection.digests.map((digest) => digestBytes(digest as Digest).toString('hex'));
    const found = await this.#selection.artifacts(project.id, repositoryId, { ...selection, digests });
    refuseTooMany(found.length);
    return found;
  }

  async #find(project: ProjectRef, repository: string): Promise<number> {
    const id = await this.#selection.findRepository(project.id, `${project.name}/${repository}`);
    if (id === null) throw new AppError('NOT_FOUND', `Project ${project.name} has no repository ${repository}.`);
    return id;
  }
}

type BarePreview = Omit<Preview, 'trash_days' | 'expires_at'>;

function refuseTooMany(count: number): void {
  if (count <= MAX_SELECTED) return;
  throw new AppError('PRECONDITION', `One deletion takes at most ${MAX_SELECTED}; narrow the filter and repeat it.`);
}

function scopeOf(project: ProjectRef, repository: string): RepositoryScope {
  return { namespaceId: project.id, name: `${project.name}/${repository}` as RepositoryName };
}

function eventOf(
  caller: Caller,
  scope: RepositoryScope,
  data: object,
  resource: string,
  resourceType: 'tag' | 'artifact',
  description?: string,
): EventBody {
  return {
    data: { repository: scope.name, ...data },
    audit: auditEntry(caller, {
      resourceType,
      resource,
      operation: 'delete',
      ...(description === undefined ? {} : { description }),
    }),
  };
}

function staysView(stay: KeptContent): Preview['stays'][number] {
  return {
    kind: stay.tag === null ? 'artifact' : 'tag',
    name: stay.tag ?? '',
    digest: stay.digest ?? '',
    reason: stay.code,
    text: stay.text,
    asked: stay.asked,
  };
}
