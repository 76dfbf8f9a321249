import type { CollectableBlobStore, Digest } from '@moorage/distribution';
import type { TaskContext } from '@moorage/jobs';
import type { KnownBlob, NewFinding, StorageCheckStore } from './storage-check.store.ts';

const PAGE = 1_000;
/** Calls to the storage at once. */
const PARALLEL = 8;

export interface ScanParts {
  readonly store: StorageCheckStore;
  readonly blobs: CollectableBlobStore;
  /** Objects younger than this may belong to a push that is under way. */
  readonly ageSeconds: number;
}

export interface ScanTally {
  objects: number;
  unknown: number;
  rows: number;
  missing: number;
  wrong_size: number;
}

type ScanContext = Pick<TaskContext<unknown>, 'executionId' | 'signal' | 'log' | 'report'>;

/**
 * Compares storage and database both ways. Objects nobody knows are set aside and kept for a week; blobs whose object is
 * gone or of another length are marked as damaged, so that clients are not told of them and the next push heals them.
 */
export async function scanStorage(parts: ScanParts, context: ScanContext): Promise<ScanTally> {
  const tally: ScanTally = { objects: 0, unknown: 0, rows: 0, missing: 0, wrong_size: 0 };
  await scanObjects(parts, context, tally);
  await scanRows(parts, context, tally);
  await parts.store.closeHealed();
  return tally;
}

async function scanObjects(
  { store, blobs, ageSeconds }: ScanParts,
  context: ScanContext,
  tally: ScanTally,
): Promise<void> {
  for (let after: Digest | null = null; ; ) {
    context.signal.throwIfAborted();
    const page = await blobs.list(after, PAGE);
    const last = page.at(-1);
    if (!last) return;
    const unknown = await store.unknown(page, ageSeconds);
    if (unknown.length > 0) {
      await store.noteUnknown(unknown);
      await blobs.setAside(unknown.map(({ digest }) => digest));
      await store.note(
        unknown.map(({ digest, size }) => ({
          problem: 'unknown-object',
          digest,
          size,
          state: 'set-aside',
          detail: 'No blob of the database has these bytes. They were set aside and are given up in seven days.',
          executionId: context.executionId,
        })),
      );
      for (const { digest, size } of unknown)
        context.log(`unknown object ${digest}, ${size} bytes: set aside`, 'WARNING');
    }
    tally.objects += page.length;
    tally.unknown += unknown.length;
    after = last.digest;
    await context.report({ ...tally });
  }
}

async function scanRows(parts: ScanParts, context: ScanContext, tally: ScanTally): Promise<void> {
  for (let after: Digest | null = null; ; ) {
    context.signal.throwIfAborted();
    const page = await parts.store.blobsAfter(after, PAGE);
    const last = page.at(-1);
    if (!last) return;
    const queue = [...page];
    const work = async (): Promise<void> => {
      for (let blob = queue.pop(); blob; blob = queue.pop()) await compare(parts, context, blob, tally);
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    tally.rows += page.length;
    after = last.digest;
    await context.report({ ...tally });
  }
}

async function compare(
  { store, blobs }: ScanParts,
  context: ScanContext,
  blob: KnownBlob,
  tally: ScanTally,
): Promise<void> {
  const stats = await blobs.stat(blob.digest);
  if (stats?.size === blob.size) return;
  const { digest, size } = blob;
  // Bytes first: a push that comes in between makes a new object, and at worst is asked for once more.
  if (stats) await blobs.quarantine(digest);
  if (!(await store.markDamaged(digest))) return;
  const finding: Pick<NewFinding, 'problem' | 'state' | 'detail'> = stats
    ? {
        problem: 'wrong-size',
        state: 'quarantined',
        detail: `The stored object has ${stats.size} bytes instead of ${size}. It is in quarantine; push the blob again to heal it.`,
      }
    : {
        problem: 'missing-object',
        state: 'found',
        detail: 'The stored object is gone. Push the blob again to heal it, or bring it back from a backup.',
      };
  if (stats) tally.wrong_size++;
  else tally.missing++;
  await store.note([{ ...finding, digest, size, executionId: context.executionId }]);
  context.log(`${digest}: ${finding.detail}`, 'ERROR');
}
