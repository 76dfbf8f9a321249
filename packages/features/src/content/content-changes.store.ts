import type { Database } from '@moorage/database';
import type { Digest, RepositoryScope, Tag } from '@moorage/distribution';
import { type DomainEvent, eventPayload, appendEvents } from '../outbox/index.ts';
import { ContentDatabase, Kept } from './content-database.store.ts';
import type { EventBody } from './content-event.ts';
import { ContentRemoval } from './content-removal.store.ts';
import type { GoneArtifact, RemovalOrigin } from './removal.rules.ts';
import { fillItem, type RemovedRepository, removeRepository } from './repository-removal.store.ts';
import { addTag, moveTag, type TagMoveOutcome } from './tag-change.store.ts';

/** How long a caller waits for a large repository to be moved. */
const PATIENCE_MS = 5_000;

export type ArtifactRemovalOutcome =
  | { readonly status: 'removed' }
  | { readonly status: 'missing' }
  /** An index needs it. */
  | { readonly status: 'part'; readonly message: string };

/** Changes of content that come through the API; the same rows, counters, accounts and events as those of the engine. */
export class ContentChanges {
  readonly #database: ContentDatabase;
  readonly #removal: ContentRemoval;

  constructor(database: Database) {
    this.#database = new ContentDatabase(database);
    this.#removal = new ContentRemoval(database);
  }

  /**
   * Deletes an artifact with its tags, accessories and the parts that nothing else needs. Throws {@link Kept} when a hold,
   * an immutable tag or an accessory that must stay keeps it.
   */
  async removeArtifact(
    repository: RepositoryScope,
    digest: Digest,
    origin: RemovalOrigin,
    eventOf: (gone: GoneArtifact) => EventBody,
  ): Promise<ArtifactRemovalOutcome> {
    const { kept } = await this.#removal.removeArtifacts({
      repository,
      artifacts: [{ digest }],
      along: true,
      origin,
      eventOf,
    });
    const obstacle = kept.find((stay) => stay.asked);
    if (!obstacle) return { status: 'removed' };
    if (obstacle.code === 'missing') return { status: 'missing' };
    if (obstacle.code === 'part-of-index') return { status: 'part', message: obstacle.text };
    throw new Kept(obstacle.text);
  }

  /** Takes a tag off this artifact, which stays; false when it does not have it. Throws {@link Kept}. */
  async removeTag(
    repository: RepositoryScope,
    tag: Tag,
    from: Digest,
    origin: RemovalOrigin,
    event: EventBody,
  ): Promise<boolean> {
    const tags = [{ name: tag, digest: from }];
    const { kept } = await this.#removal.removeTags({ repository, tags, origin, eventOf: () => event });
    const [obstacle] = kept;
    if (!obstacle) return true;
    if (obstacle.code === 'missing' || obstacle.code === 'changed') return false;
    throw new Kept(obstacle.text);
  }

  addTag(
    repository: RepositoryScope,
    tag: { readonly name: Tag; readonly digest: Digest; readonly pushedBy: string },
    event: EventBody,
  ): Promise<'added' | 'missing' | 'exists'> {
    const payload = eventPayload(event);
    return this.#database.transaction((transaction) => addTag(transaction, repository, tag, payload));
  }

  /** Points a tag at an artifact the repository has, wherever it pointed before. */
  moveTag(
    repository: RepositoryScope,
    tag: { readonly name: Tag; readonly digest: Digest; readonly pushedBy: string; readonly how: string },
    event: EventBody,
  ): Promise<TagMoveOutcome> {
    const payload = eventPayload(event);
    return this.#database.transaction((transaction) => moveTag(transaction, repository, tag, payload));
  }

  /**
   * Deletes a repository with everything in it; null when there is none. Of a large one the content goes on to the trash
   * in the background when the caller waited some seconds. Throws {@link Kept}.
   */
  async removeRepository(
    repository: RepositoryScope,
    origin: RemovalOrigin,
    eventOf: (removed: RemovedRepository) => DomainEvent,
  ): Promise<RemovedRepository | null> {
    const removed = await this.#database.transaction(async (transaction) => {
      const gone = await removeRepository(transaction, repository, origin);
      if (gone) await appendEvents(transaction, [eventOf(gone)]);
      return gone;
    });
    if (removed?.isMoving && removed.itemId !== null) {
      const until = performance.now() + PATIENCE_MS;
      await fillItem(this.#database, removed.itemId, () => performance.now() < until);
    }
    return removed;
  }
}
