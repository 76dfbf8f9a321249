import type { CollectableBlobStore, Digest } from '@moorage/distribution';
import type { TaskContext } from '@moorage/jobs';
import { scanPercent } from './check-share.rules.ts';
import { takeOutOfService } from './damaged-blob.ts';
import { Pace } from './pace.ts';
import type { KnownBlob, StorageCheckStore } from './storage-check.store.ts';

const PAGE = 1_000;
/** Calls to the storage at once. */
const PARALLEL = 8;

export interface ScanParts {
  readonly store: StorageCheckStore;
  readonly blobs: CollectableBlobStore;
  /** Objects younger than this may belong to a push that is under way. */
  readonly ageSeconds: number;
  /** Objects listed, and rows compared, in a second; 0 is as many as can be. Asked again and again. */
  readonly objectsPerSecond: () => Promise<number>;
}

export interface ScanTally {
  objects: number;
  unknown: number;
  rows: number;
  missing: number;
  wrong_size: number;
}

/** Where a scan stands: in which half, and behind which digest of it. */
export interface ScanPosition {
  readonly phase: 'objects' | 'rows';
  readonly after: Digest | null;
}

/** What a scan that was cut short had done. */
export interface CutScan {
  readonly tally: Readonly<ScanTally>;
  readonly position: ScanPosition;
}

type ScanContext = Pick<TaskContext<unknown>, 'executionId' | 'signal' | 'log' | 'report'>;

interface Course {
  readonly tally: ScanTally;
  readonly pace: Pace;
}

/**
 * Compares storage and database both ways. Objects nobody knows are set aside and kept for a week; blobs whose object is
 * gone or of another length are marked as damaged, so that clients are not told of them and the next push heals them.
 * One that was cut short goes on where it was.
 */
export async function scanStorage(parts: ScanParts, context: ScanContext, cut: CutScan | null): Promise<ScanTally> {
  const tally: ScanTally = { objects: 0, unknown: 0, rows: 0, missing: 0, wrong_size: 0, ...cut?.tally };
  const { phase, after } = cut?.position ?? { phase: 'objects', after: null };
  const course = { tally, pace: new Pace(parts.objectsPerSecond, context.signal) };
  if (phase === 'objects') await scanObjects(parts, context, course, after);
  await scanRows(parts, context, course, phase === 'rows' ? after : null);
  await parts.store.closeHealed();
  return tally;
}

async function scanObjects(
  { store, blobs, ageSeconds }: ScanParts,
  context: ScanContext,
  { tally, pace }: Course,
  begin: Digest | null,
): Promise<void> {
  for (let after = begin; ; ) {
    context.signal.throwIfAborted();
    const page = await blobs.list(after, PAGE);
    const last = page.at(-1);
    if (!last) return;
    const unknown = await store.unknown(page, ageSeconds);
    if (unknown.length > 0) {
      await store.noteUnknown(unknown, context.executionId);
      await blobs.setAside(unknown.map(({ digest }) => digest));
      for (const { digest, size } of unknown)
        context.log(`unknown object ${digest}, ${size} bytes: set aside`, 'WARNING');
    }
    tally.objects += page.length;
    tally.unknown += unknown.length;
    after = last.digest;
    await context.report({ ...tally, phase: 'objects', after, percent: scanPercent('objects', after) });
    await pace.spend(page.length);
  }
}

async function scanRows(
  parts: ScanParts,
  context: ScanContext,
  { tally, pace }: Course,
  begin: Digest | null,
): Promise<void> {
  for (let after = begin; ; ) {
    context.signal.throwIfAborted();
    const page = await parts.store.blobsAfter(after, PAGE);
    const last = page.at(-1);
    if (!last) return;
    const queue = [...page];
    const work = async (): Promise<void> => {
      for (let blob = queue.pop(); blob; blob = queue.pop()) {
        await pace.spend(1);
        await compare(parts, context, blob, tally);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    tally.rows += page.length;
    after = last.digest;
    await context.report({ ...tally, phase: 'rows', after, percent: scanPercent('rows', after) });
  }
}

async function compare(
  { store, blobs }: ScanParts,
  context: ScanContext,
  blob: KnownBlob,
  tally: ScanTally,
): Promise<void> {
  if ((await blobs.stat(blob.digest))?.size === blob.size) return;
  const read = await blobs.open(blob.digest);
  try {
    if (read?.size === blob.size) return;
    const detail = `The stored object has ${read?.size ?? 0} bytes instead of ${blob.size}.`;
    const found = await takeOutOfService({ store, blobs }, context, blob, { read, problem: 'wrong-size', detail });
    if (found === 'wrong-size') tally.wrong_size++;
    if (found === 'missing-object') tally.missing++;
  } finally {
    await read?.close();
  }
}
