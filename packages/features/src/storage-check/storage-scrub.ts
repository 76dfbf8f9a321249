import { createHash } from 'node:crypto';
import { algorithmOf, type BlobHandle, type CollectableBlobStore, digestFrom } from '@moorage/distribution';
import type { TaskContext } from '@moorage/jobs';
import { scrubPercent } from './check-share.rules.ts';
import { takeOutOfService } from './damaged-blob.ts';
import { Pace } from './pace.ts';
import type { ScrubStateStore } from './scrub-state.store.ts';
import type { KnownBlob, StorageCheckStore } from './storage-check.store.ts';

const PAGE = 200;
const CHUNK_BYTES = 1024 * 1024;

export interface ScrubParts {
  readonly store: StorageCheckStore;
  readonly state: ScrubStateStore;
  readonly blobs: CollectableBlobStore;
  /** Asked again and again, so that a run that is under way can be slowed down. */
  readonly bytesPerSecond: () => Promise<number>;
}

type ScrubContext = Pick<TaskContext<unknown>, 'executionId' | 'signal' | 'log' | 'report'>;

/** Reads all stored blobs once, at a set pace, from where the last attempt was cut short, and takes damaged ones out of service. */
export async function scrubStorage(
  parts: ScrubParts,
  context: ScrubContext,
): Promise<{ blobs: number; bytes: number; corrupt: number }> {
  const { store, state } = parts;
  const pace = new Pace(parts.bytesPerSecond, context.signal);
  const all = { blobs: 0, bytes: 0, corrupt: 0 };
  for (let { position } = await state.read(); ; ) {
    context.signal.throwIfAborted();
    const page = await store.blobsAfter(position, PAGE);
    const last = page.at(-1);
    if (!last) break;
    const done = { blobs: page.length, bytes: 0, corrupt: 0 };
    for (const blob of page) {
      done.bytes += blob.size;
      if (!(await isWhole(parts.blobs, blob, pace)) && (await takeOut(parts, context, blob, pace))) done.corrupt++;
    }
    position = last.digest;
    await state.advance(position, done);
    all.blobs += done.blobs;
    all.bytes += done.bytes;
    all.corrupt += done.corrupt;
    await context.report({ ...all, percent: scrubPercent(position) });
  }
  await state.endPass();
  await store.closeHealed();
  return all;
}

/** Reads twice: a read can fail where the bytes are whole. */
async function takeOut(
  { store, blobs }: ScrubParts,
  context: ScrubContext,
  blob: KnownBlob,
  pace: Pace,
): Promise<boolean> {
  const read = await blobs.open(blob.digest);
  try {
    if (read && (await holds(read, blob, pace))) return false;
    const detail = 'The stored bytes are not what the digest says.';
    const damage = { read, problem: 'corrupt-object', detail } as const;
    return (await takeOutOfService({ store, blobs }, context, blob, damage)) !== null;
  } finally {
    await read?.close();
  }
}

async function isWhole(blobs: CollectableBlobStore, blob: KnownBlob, pace: Pace): Promise<boolean> {
  const read = await blobs.open(blob.digest);
  try {
    return read !== null && (await holds(read, blob, pace));
  } finally {
    await read?.close();
  }
}

/** Whether the bytes that are read have this digest. */
async function holds(read: BlobHandle, { digest, size }: KnownBlob, pace: Pace): Promise<boolean> {
  if (read.size !== size) return false;
  const algorithm = algorithmOf(digest);
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(size, 1)));
  for (let position = 0; position < size; ) {
    const count = await read.read(buffer, position);
    if (count === 0) return false;
    hash.update(buffer.subarray(0, count));
    position += count;
    await pace.spend(count);
  }
  return digestFrom(hash, algorithm) === digest;
}
