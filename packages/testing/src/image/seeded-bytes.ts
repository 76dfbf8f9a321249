import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';

const CHUNK = 1024 * 1024;

/** The same incompressible bytes for the same seed on every run. Meant for content that fits in memory. */
export function seededBytes(seed: string, size: number): Buffer {
  return keystream(seed).update(Buffer.alloc(size));
}

/** The bytes of {@link seededBytes} as a stream of 1 MiB chunks, for content of any size. */
export function seededStream(seed: string, size: number): Readable {
  return Readable.from(seededChunks(seed, size), { objectMode: false, highWaterMark: CHUNK });
}

/** Digest of `size` seeded bytes without holding them; about a second per GiB. */
export function seededDigest(seed: string, size: number, algorithm: 'sha256' | 'sha512' = 'sha256'): string {
  const hash = createHash(algorithm);
  for (const chunk of seededChunks(seed, size)) hash.update(chunk);
  return `${algorithm}:${hash.digest('hex')}`;
}

function* seededChunks(seed: string, size: number): Generator<Buffer> {
  const cipher = keystream(seed);
  const zeros = Buffer.alloc(CHUNK);
  for (let left = size; left > 0; left -= CHUNK) yield cipher.update(left >= CHUNK ? zeros : zeros.subarray(0, left));
}

function keystream(seed: string) {
  const material = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-128-ctr', material.subarray(0, 16), material.subarray(16));
}
