import type { TransactionalSql } from '@moorage/database';
import type { Digest, RepositoryScope, Tag } from '@moorage/distribution';
import { ContentRemoval, type RemovalOrigin, type RemovalOutcome } from '../content/index.ts';
import { type Actor, artifactEvent, tagEvent } from './removal.rules.ts';

/** Tags to take off, or artifacts to delete with all that hangs on them. */
export type Selected =
  | { readonly mode: 'untag'; readonly tags: readonly { readonly name: Tag; readonly digest: Digest | undefined }[] }
  | { readonly mode: 'delete'; readonly digests: readonly Digest[] };

/** What was selected at a time, in milliseconds since 1970 of the database, in this very repository. */
export interface SelectedBefore {
  /** The run that removes it; absent when a request waits for it. */
  readonly executionId?: number;
  readonly repositoryId: number;
  readonly selectedAt: number;
}

/** Removes what was selected, the same way whether a request waits for it or a run does it. */
export class BulkRemover {
  readonly #removal: ContentRemoval;

  constructor(database: TransactionalSql) {
    this.#removal = new ContentRemoval(database);
  }

  remove(scope: RepositoryScope, selected: Selected, actor: Actor, before: SelectedBefore): Promise<RemovalOutcome> {
    const origin: RemovalOrigin = {
      reason: 'deleted',
      by: actor.username,
      from: actor.clientAddress,
      executionId: before.executionId,
    };
    const place = { repository: scope, repositoryId: before.repositoryId };
    return selected.mode === 'untag'
      ? this.#removal.removeTags({
          ...place,
          tags: selected.tags,
          origin,
          eventOf: (tag) => tagEvent(actor, scope, tag),
        })
      : this.#removal.removeArtifacts({
          ...place,
          artifacts: selected.digests.map((digest) => ({ digest, knownUntil: before.selectedAt })),
          along: true,
          origin,
          eventOf: (gone) => artifactEvent(actor, scope, gone),
        });
  }
}
