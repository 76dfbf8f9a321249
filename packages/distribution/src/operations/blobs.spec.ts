import { expect, it } from 'vitest';
import { ContentCache } from '../content-cache.ts';
import { digestOf } from '../digest.ts';
import type { BlobHandle } from '../ports/index.ts';
import { openBlob } from './blobs.ts';

const WHOLE = Buffer.from('what was pushed');
const ROTTEN = Buffer.from('what was pusheD');
const digest = digestOf(WHOLE);

/** A store that has these bytes under every digest. */
function storeOf(bytes: Buffer) {
  const handle: BlobHandle = {
    size: bytes.length,
    read: async (target, position) => bytes.copy(target, 0, position),
    close: async () => undefined,
  };
  return { open: async () => handle };
}

it('R2 serves no small blob whose bytes are others, and serves it again once a push has healed it', async () => {
  const cache = new ContentCache(1024 * 1024);
  const ports = (bytes: Buffer) => ({ cache, blobs: storeOf(bytes) }) as unknown as Parameters<typeof openBlob>[0];
  await expect(openBlob(ports(ROTTEN), digest, WHOLE.length)).rejects.toThrow('not what the digest says');
  expect(await openBlob(ports(WHOLE), digest, WHOLE.length)).toEqual({ bytes: WHOLE });
  // From memory: the store is not asked any more.
  expect(await openBlob(ports(ROTTEN), digest, WHOLE.length)).toEqual({ bytes: WHOLE });
});
