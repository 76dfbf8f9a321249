import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { TailReply, TailRequest } from './tail-hasher.ts';

/** One read: large enough for few system calls, small enough to stay in the processor's cache while it is hashed. */
const SLICE_BYTES = 256 * 1024;

interface Tail {
  readonly descriptor: number;
  readonly hash: Hash;
  position: number;
  failure?: string;
}

const tails = new Map<number, Tail>();
const slice = Buffer.allocUnsafeSlow(SLICE_BYTES);

/** Hashes files while they grow: reads behind the writer, out of the page cache. */
parentPort?.on('message', (request: TailRequest) => {
  if (request.kind === 'begin') {
    const { descriptor, algorithm } = request;
    tails.set(request.id, { descriptor, hash: createHash(algorithm), position: 0 });
    return;
  }
  const tail = tails.get(request.id);
  if (!tail) return;
  if (request.kind === 'advance') {
    readTo(tail, request.end);
    return;
  }
  tails.delete(request.id);
  const reply: TailReply = tail.failure
    ? { id: request.id, failure: tail.failure }
    : { id: request.id, length: tail.position, hex: tail.hash.digest('hex') };
  parentPort?.postMessage(reply);
});

function readTo(tail: Tail, end: number): void {
  try {
    while (tail.position < end && !tail.failure) {
      const count = readSync(tail.descriptor, slice, 0, Math.min(SLICE_BYTES, end - tail.position), tail.position);
      if (count === 0) throw new Error('the file ended before the bytes that were written to it');
      tail.hash.update(slice.subarray(0, count));
      tail.position += count;
    }
  } catch (error) {
    tail.failure = error instanceof Error ? error.message : String(error);
  }
}
