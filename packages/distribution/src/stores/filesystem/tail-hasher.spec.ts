import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS, digestOf } from '../../digest.ts';
import { openFilesystemStores } from './index.ts';
import { TailHasher } from './tail-hasher.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moorage-tail-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('TailHasher', () => {
  it('follows files while they grow, several at once', async () => {
    const hasher = new TailHasher();
    const uploads = await Promise.all(
      Array.from({ length: 5 }, async (_, number) => {
        const bytes = randomBytes(1_000_000 + number);
        const file = await open(join(folder, String(number)), 'w+');
        return { bytes, file, tail: hasher.begin(file.fd, DIGEST_ALGORITHMS[number % 2] ?? 'sha256') };
      }),
    );
    for (let start = 0; start < 1_000_010; start += 300_000) {
      for (const { bytes, file, tail } of uploads) {
        const { bytesWritten } = await file.write(bytes, start, Math.min(300_000, bytes.length - start), start);
        tail.advance(start + bytesWritten);
      }
    }
    for (const [number, { bytes, file, tail }] of uploads.entries()) {
      expect(await tail.finish(bytes.length)).toBe(digestOf(bytes, DIGEST_ALGORITHMS[number % 2]));
      await file.close();
    }
    await hasher.close();
  });

  it('gives no digest of more or fewer bytes than it read, and none when it cannot read', async () => {
    const hasher = new TailHasher();
    const file = await open(join(folder, 'short'), 'w+');
    await file.write(randomBytes(1000), 0, 1000, 0);
    const [short, long, cut] = [1, 2, 3].map(() => hasher.begin(file.fd, 'sha256'));
    for (const tail of [short, long]) tail?.advance(1000);
    cut?.advance(5000);
    expect(await short?.finish(999)).toBeNull();
    expect(await long?.finish(1001)).toBeNull();
    expect(await cut?.finish(5000)).toBeNull();
    await file.close();
    await hasher.close();
  });

  it('answers also after its threads are gone', async () => {
    const hasher = new TailHasher();
    const file = await open(join(folder, 'late'), 'w+');
    const [waiting, late] = [hasher.begin(file.fd, 'sha256'), hasher.begin(file.fd, 'sha256')];
    const pending = waiting.finish(0);
    await hasher.close();
    await pending;
    late.advance(10);
    expect(await late.finish(10)).toBeNull();
    await file.close();
  });
});

describe('large uploads on a filesystem', () => {
  it.each(DIGEST_ALGORITHMS)('are verified as %s over several requests, wrong digest first', async (algorithm) => {
    const stores = await openFilesystemStores(folder);
    const bytes = randomBytes(7_000_000);
    let offset = 0;
    for (const size of [1_000_000, 4_000_000, 2_000_000]) {
      offset = await stores.uploads.append('large', offset, once(bytes.subarray(offset, offset + size)), [algorithm]);
    }
    const wrong = digestOf(Buffer.from('wrong'), algorithm);
    expect(await stores.uploads.seal('large', wrong, bytes.length)).toBe('mismatch');
    expect(await stores.uploads.seal('large', digestOf(bytes, algorithm), bytes.length)).toBe('sealed');
    await stores.close();
  });

  it('are closed properly when they are given up', async () => {
    const stores = await openFilesystemStores(folder);
    await stores.uploads.append('dropped', 0, once(randomBytes(5_000_000)), ['sha256']);
    await stores.uploads.append('kept', 0, once(randomBytes(5_000_000)), ['sha256']);
    await stores.uploads.discard('dropped');
    await stores.close();
    expect(await stores.uploads.listIdle(new Date(Date.now() + 1000), 10)).toEqual(['kept']);
  });
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield Buffer.from(bytes.subarray(start, start + 65_536));
}
