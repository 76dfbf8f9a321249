import { type AnswerOf, AppError, type previewRemoval, type removeContent } from '@moorage/contracts';
import { Database } from '@moorage/database';
import type { RepositoryScope, Tag } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { decisionOf, digestFromHex, judgeTags } from '../content/index.ts';
import type { Caller, ProjectRef } from '../http/index.ts';
import { BulkRemover, type Selected } from './bulk-remover.ts';
import { actorOf, scopeOf, staysView } from './removal.rules.ts';
import { RemovalPreviewStore } from './removal-preview.store.ts';
import { RemovalSelectionStore, type Selection } from './removal-selection.store.ts';

type Preview = AnswerOf<typeof previewRemoval>;
type Result = AnswerOf<typeof removeContent>;

/** What one request removes at most. */
const MAX_IN_REQUEST = 5_000;

/** What a preview decides at most, so that it comes while somebody waits: some seconds. */
const MAX_PREVIEWED = 20_000;

/** How much of a long list is shown. */
const SHOWN = 100;

/** Deleting many tags or artifacts at once, and what it would do. */
@Injectable()
export class RemovalService {
  readonly #database: Database;
  readonly #selection: RemovalSelectionStore;
  readonly #previews: RemovalPreviewStore;
  readonly #access: AccessService;
  readonly #remover: BulkRemover;

  constructor(database: Database, access: AccessService) {
    this.#database = database;
    this.#selection = new RemovalSelectionStore(database);
    this.#previews = new RemovalPreviewStore(database);
    this.#access = access;
    this.#remover = new BulkRemover(database);
  }

  /** What {@link remove} would do now, decided by the same code on one snapshot; of very much, for a part of it. */
  async preview(project: ProjectRef, repository: string, selection: Selection): Promise<Preview> {
    const scope = scopeOf(project, repository);
    const repositoryId = await this.#selection.requireRepository(project, repository);
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
    const repositoryId = await this.#selection.requireRepository(project, repository);
    const before = { repositoryId, selectedAt: await this.#selection.now() };
    const selected: Selected =
      selection.mode === 'untag'
        ? { mode: 'untag', tags: await this.#tags(project, repositoryId, selection) }
        : { mode: 'delete', digests: (await this.#artifacts(project, repositoryId, selection)).map(digestFromHex) };
    refuseLong(selected.mode === 'untag' ? selected.tags.length : selected.digests.length);
    const outcome = await this.#remover.remove(scopeOf(project, repository), selected, actorOf(caller), before);
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
    const place = { projectId: project.id, repositoryId };
    const { going, kept } = await judgeTags(this.#database, place, tags.slice(0, MAX_PREVIEWED));
    return {
      ...sizeOf(tags),
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
    // Indexes come before their parts, so that what is left out seldom keeps what is decided.
    const selected = await this.#artifacts(project, repositoryId, selection);
    const roots = selected.slice(0, MAX_PREVIEWED);
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
      ...sizeOf(selected),
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
    const found = new Set(tags.map((tag) => tag.name));
    return [
      ...tags.map((tag) => ({ name: tag.name as Tag, digest: digestFromHex(tag.digest) })),
      ...selection.tags.filter((name) => !found.has(name)).map((name) => ({ name: name as Tag, digest: undefined })),
    ];
  }

  #artifacts(project: ProjectRef, repositoryId: number, selection: Selection): Promise<string[]> {
    return this.#selection.artifacts(project.id, repositoryId, selection);
  }
}

type BarePreview = Omit<Preview, 'trash_days' | 'expires_at'>;

function sizeOf(selected: readonly unknown[]): Pick<Preview, 'selected' | 'truncated'> {
  return { selected: selected.length, truncated: selected.length > MAX_PREVIEWED };
}

/** A request must end while its caller waits. */
function refuseLong(count: number): void {
  if (count <= MAX_IN_REQUEST) return;
  throw new AppError(
    'PRECONDITION',
    `One request deletes at most ${MAX_IN_REQUEST}; start a run for more, at …/removals/runs.`,
  );
}
