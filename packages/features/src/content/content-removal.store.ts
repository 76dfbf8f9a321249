import type { Transaction, TransactionalSql } from '@moorage/database';
import type { Digest, RepositoryScope, Tag } from '@moorage/distribution';
import { decide, type Decision, loadGraph, type LoadedGraph, type Root } from '../reachability/index.ts';
import type { EventBody } from './content-event.ts';
import { ContentDatabase, Kept } from './content-database.store.ts';
import { digestBytes } from './digest-column.rules.ts';
import { goneOf, keptOf } from './removal-decision.store.ts';
import { deleteManifests, lockedRepository, sayHow } from './manifest-removal.store.ts';
import {
  type GoneArtifact,
  joinOutcomes,
  NOTHING,
  type RemovalOrigin,
  type RemovalOutcome,
  settled,
} from './removal.rules.ts';
import { removeTagBatch, type TagToRemove } from './tag-removal.store.ts';
import { makeItems, moveToItems, sumUpItems, trashDays } from './trash-move.store.ts';
import { eventPayload } from '../outbox/index.ts';

/** How many artifacts or tags one transaction takes; what belongs to them comes on top. */
const ARTIFACTS_PER_BATCH = 100;
const TAGS_PER_BATCH = 500;

/** An artifact that is to be deleted. */
export interface ArtifactToRemove {
  readonly digest: Digest;
  /** The tags that were known when it was decided; with any other tag it stays. Absent: it goes with whatever it has. */
  readonly knownTags?: ReadonlySet<string> | undefined;
  /** Until when pushes were known to who decided, in milliseconds since 1970 of the database; pushed again later it stays. */
  readonly knownUntil?: number | undefined;
}

interface Removal {
  readonly repository: RepositoryScope;
  /** The row that is meant, for who decided earlier: what is in another repository that has the name now stays. */
  readonly repositoryId?: number | undefined;
  readonly origin: RemovalOrigin;
}

export interface ArtifactsRemoval extends Removal {
  readonly artifacts: readonly ArtifactToRemove[];
  /** Whether accessories and parts that nothing else needs go along (ART-8). */
  readonly along: boolean;
  /** What is told of each manifest that goes; the store adds ids, tags and the trash item. */
  readonly eventOf: (gone: GoneArtifact) => EventBody;
  /** Runs in the transaction of each batch, with what that removed. */
  readonly noted?: (transaction: Transaction, removed: readonly GoneArtifact[]) => Promise<void>;
}

export interface TagsRemoval extends Removal {
  readonly tags: readonly TagToRemove[];
  readonly eventOf: (tag: Tag) => EventBody;
  /** Runs in the transaction of each batch, with what that took off. */
  readonly noted?: (transaction: Transaction, removed: readonly Tag[]) => Promise<void>;
}

/**
 * The one place where tags and artifacts are removed, for the API, the engine and policies. What goes is in the trash in
 * the same transaction, unless the project keeps none. Many are taken in batches, each a transaction of its own: a batch
 * that is done stays done, and doing everything again changes nothing.
 */
export class ContentRemoval {
  readonly #database: ContentDatabase;

  constructor(database: TransactionalSql) {
    this.#database = new ContentDatabase(database);
  }

  /** Removes artifacts with all their tags; says what went and what stayed and why. */
  removeArtifacts(removal: ArtifactsRemoval): Promise<RemovalOutcome> {
    return this.#inBatches(removal.artifacts, ARTIFACTS_PER_BATCH, (transaction, artifacts) =>
      removeArtifactBatch(transaction, { ...removal, artifacts }),
    );
  }

  /** Takes tags off; the artifacts stay. */
  removeTags(removal: TagsRemoval): Promise<RemovalOutcome> {
    return this.#inBatches(removal.tags, TAGS_PER_BATCH, async (transaction, tags) => {
      const { eventOf, noted } = removal;
      const outcome = await removeTagBatch(transaction, removal, tags, (tag) => eventPayload(eventOf(tag)));
      await noted?.(transaction, outcome.removedTags);
      return outcome;
    });
  }

  /**
   * A batch that a trigger refuses, because a rule or hold came between the decision and the deletion, is halved until
   * the refused one stands alone; that refusal is thrown on, as the decision of the next attempt will know of it.
   */
  async #inBatches<T>(
    all: readonly T[],
    size: number,
    work: (transaction: Transaction, batch: readonly T[]) => Promise<RemovalOutcome>,
  ): Promise<RemovalOutcome> {
    let outcome = NOTHING;
    for (let start = 0; start < all.length; start += size) {
      const batch = all.slice(start, start + size);
      try {
        outcome = joinOutcomes(outcome, await this.#database.transaction((transaction) => work(transaction, batch)));
      } catch (error) {
        if (!(error instanceof Kept) || batch.length === 1) throw error;
        outcome = joinOutcomes(outcome, await this.#inBatches(batch, Math.ceil(batch.length / 2), work));
      }
    }
    return settled(outcome);
  }
}

async function removeArtifactBatch(transaction: Transaction, removal: ArtifactsRemoval): Promise<RemovalOutcome> {
  const { repository, origin, along } = removal;
  const projectId = repository.namespaceId;
  const roots = removal.artifacts.map(({ digest, ...known }) => ({ ...known, digest: hexOf(digest) }));
  const repositoryId = await lockedRepository(transaction, repository, removal.repositoryId);
  if (repositoryId === null) return outcomeOf(decide({ nodes: [], parts: [] }, roots, along), []);
  const graph = await loadGraph(transaction, {
    projectId,
    repositoryId,
    roots: roots.map((root) => root.digest),
    along,
    lock: true,
  });
  const decision = decide(graph, roots, along);
  if (decision.goes.length === 0) return outcomeOf(decision, []);
  const days = await trashDays(transaction, projectId);
  await sayHow(transaction, origin);
  const items =
    days === 0
      ? null
      : await moveArtifacts(
          transaction,
          { projectId, repository: repository.name, repositoryId },
          {
            decision,
            graph,
            roots,
            origin,
            days,
          },
        );
  const outcome = outcomeOf(decision, items ? [...items.values()] : []);
  await deleteManifests(
    transaction,
    projectId,
    outcome.removed.map((gone) => ({
      id: graph.ids.get(hexOf(gone.digest)) ?? 0,
      digest: digestBytes(gone.digest),
      event: eventPayload(removal.eventOf(gone)),
      itemId: items?.get(hexOf(gone.root)) ?? null,
    })),
  );
  await removal.noted?.(transaction, outcome.removed);
  return outcome;
}

/** Moves what goes into an item for each root; gives the items by root. */
async function moveArtifacts(
  transaction: Transaction,
  place: { readonly projectId: number; readonly repository: string; readonly repositoryId: number },
  move: {
    readonly decision: Decision;
    readonly graph: LoadedGraph;
    readonly roots: readonly Root[];
    readonly origin: RemovalOrigin;
    readonly days: number;
  },
): Promise<ReadonlyMap<string, number>> {
  const { decision, graph, origin, days } = move;
  const roots = decision.goes.filter((gone) => gone.because === 'asked').map((gone) => gone.digest);
  const ids = await makeItems(
    transaction,
    place,
    roots.map((root) => ({ kind: 'artifact', digest: Buffer.from(root, 'hex'), title: place.repository })),
    origin,
    days,
  );
  const items = new Map(roots.map((root, i) => [root, ids[i] ?? 0]));
  await moveToItems(transaction, place.projectId, {
    items: decision.goes.map((gone) => items.get(gone.root) ?? 0),
    manifests: decision.goes.map((gone) => graph.ids.get(gone.digest) ?? 0),
  });
  await sumUpItems(transaction, ids);
  return items;
}

function outcomeOf(decision: Decision, itemIds: readonly number[]): RemovalOutcome {
  return {
    removed: goneOf(decision),
    removedTags: [],
    kept: keptOf(decision),
    itemIds,
  };
}

function hexOf(digest: Digest): string {
  return digestBytes(digest).toString('hex');
}
