import type { Database } from '@moorage/database';
import type { Digest, RepositoryScope, Tag } from '@moorage/distribution';
import { type DomainEvent, eventPayload, appendEvents } from '../outbox/index.ts';
import { findParent, lockManifest, lockWithDependents, removeManifests } from './manifest-removal.store.ts';
import { ContentDatabase } from './content-database.store.ts';
import { type RemovedRepository, removeRepository } from './repository-row.store.ts';
import { addTag, moveTag, removeTag, type TagMoveOutcome } from './tag-change.store.ts';

type EventBody = Pick<DomainEvent, 'data' | 'audit'>;

export type ArtifactRemovalOutcome =
  | { readonly status: 'removed' }
  | { readonly status: 'missing' }
  /** An index needs it. */
  | { readonly status: 'part'; readonly of: Digest };

/** Changes of content that come through the API; the same rows, counters, accounts and events as those of the engine. */
export class ContentChanges {
  readonly #database: ContentDatabase;

  constructor(database: Database) {
    this.#database = new ContentDatabase(database);
  }

  /** Deletes an artifact with its tags, accessories and the parts that nothing else needs. */
  removeArtifact(
    repository: RepositoryScope,
    digest: Digest,
    eventOf: (digest: Digest) => EventBody,
  ): Promise<ArtifactRemovalOutcome> {
    return this.#database.transaction(async (transaction) => {
      const root = await lockManifest(transaction, repository, digest);
      if (!root) return { status: 'missing' };
      const parent = await findParent(transaction, root);
      if (parent) return { status: 'part', of: parent };
      const doomed = await lockWithDependents(transaction, root);
      await removeManifests(transaction, repository.namespaceId, doomed, (gone) => eventPayload(eventOf(gone)));
      return { status: 'removed' };
    });
  }

  /** Takes a tag off this artifact; the artifact stays. */
  removeTag(repository: RepositoryScope, tag: Tag, from: Digest, event: EventBody): Promise<boolean> {
    const payload = eventPayload(event);
    return this.#database.transaction((transaction) => removeTag(transaction, repository, tag, payload, from));
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

  /** Deletes a repository with everything in it; null when there is none. */
  removeRepository(
    repository: RepositoryScope,
    eventOf: (removed: RemovedRepository) => DomainEvent,
  ): Promise<RemovedRepository | null> {
    return this.#database.transaction(async (transaction) => {
      const removed = await removeRepository(transaction, repository);
      if (removed) await appendEvents(transaction, [eventOf(removed)]);
      return removed;
    });
  }
}
