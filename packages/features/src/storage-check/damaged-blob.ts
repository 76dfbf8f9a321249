import type { BlobHandle, CollectableBlobStore } from '@moorage/distribution';
import type { TaskContext } from '@moorage/jobs';
import type { KnownBlob, StorageCheckStore } from './storage-check.store.ts';

/** What was seen of a blob's object: read through a handle that is still open, it is not what the row says; or it is gone. */
export interface SeenDamage {
  readonly read: BlobHandle | null;
  readonly problem: 'corrupt-object' | 'wrong-size';
  /** What is wrong with an object that is there, a sentence. */
  readonly detail: string;
}

interface Parts {
  readonly store: StorageCheckStore;
  readonly blobs: CollectableBlobStore;
}

type Context = Pick<TaskContext<unknown>, 'executionId' | 'log'>;

/**
 * Takes a blob out of service whose object is damaged or gone. A push may finish at any moment: only what was read goes
 * to quarantine, and the blob is served again at once if whole bytes came before the row was marked, because that push
 * was told that all is well; a later one takes the mark away itself. Returns what was found, null when it is nothing.
 */
export async function takeOutOfService(
  { store, blobs }: Parts,
  { executionId, log }: Context,
  { digest, size }: KnownBlob,
  { read, ...damage }: SeenDamage,
): Promise<'corrupt-object' | 'wrong-size' | 'missing-object' | null> {
  if (read && !(await blobs.quarantine(digest, read))) {
    log(`${digest}: ${damage.detail} Another object took its place, or it was removed, while it was read.`, 'WARNING');
    return null;
  }
  if (!(await store.markDamaged(digest))) return null;
  const isWholeAgain = (await blobs.stat(digest))?.size === size;
  if (isWholeAgain) await store.clearDamage(digest);
  if (isWholeAgain && !read) return null;
  const problem = read ? damage.problem : 'missing-object';
  const detail = read
    ? `${damage.detail} It is in quarantine; ${isWholeAgain ? 'a push has healed the blob meanwhile.' : 'push the blob again to heal it.'}`
    : 'The stored object is gone. Push the blob again to heal it, or bring it back from a backup.';
  const state = read ? 'quarantined' : 'found';
  await store.note([{ problem, digest, size, state, detail, executionId }]);
  log(`${digest}: ${detail}`, 'ERROR');
  return problem;
}
