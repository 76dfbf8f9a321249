import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Digest, type DigestAlgorithm, digestOf } from '../../digest.ts';
import {
  type BlobHandle,
  type BlobStore,
  type CollectableBlobStore,
  InterruptedAppend,
  LostUpload,
  type UploadStore,
} from '../../ports/index.ts';

/** What an implementation of both content stores provides so that the contract can be run against it. */
export interface ContentFixture {
  readonly blobs: CollectableBlobStore;
  readonly uploads: UploadStore;
  /** The same storage through other instances, as another process would use it; absent when nothing is shared. */
  readonly other?: { readonly blobs: BlobStore; readonly uploads: UploadStore };
  close(): Promise<void>;
}

/** The contracts of BlobStore and UploadStore, which only work together. */
export function describeContentStores(title: string, open: () => Promise<ContentFixture>): void {
  describe(`${title}: uploads and blobs`, () => {
    let fixture: ContentFixture;
    let id: string;
    beforeEach(async () => {
      fixture = await open();
      id = `upload-${randomBytes(8).toString('hex')}`;
    });
    afterEach(() => fixture.close());

    const append = (offset: number, bytes: Uint8Array, algorithms: readonly DigestAlgorithm[] = ['sha256']) =>
      fixture.uploads.append(id, offset, chunksOf(bytes), algorithms);

    async function store(bytes: Buffer, algorithm: DigestAlgorithm = 'sha256'): Promise<Digest> {
      const digest = digestOf(bytes, algorithm);
      await append(0, bytes, [algorithm]);
      expect(await fixture.uploads.seal(id, digest, bytes.length)).toBe('sealed');
      return digest;
    }

    /** Whether the blob is there with exactly these bytes. */
    async function holds(digest: Digest, bytes: Buffer, blobs: BlobStore = fixture.blobs): Promise<boolean> {
      const stats = await blobs.stat(digest);
      const content = await readAll(blobs, digest);
      return stats?.size === bytes.length && content !== null && content.equals(bytes);
    }

    async function opened(digest: Digest): Promise<BlobHandle> {
      const handle = await fixture.blobs.open(digest);
      if (!handle) throw new Error('the blob is not there');
      return handle;
    }

    it.each([0, 1, 63, 65_536, 3_000_001])('turns an upload of %i bytes into a blob', async (size) => {
      const bytes = randomBytes(size);
      expect(await holds(await store(bytes), bytes)).toBe(true);
    });

    it('seals an empty blob that nothing was appended to (U17)', async () => {
      const digest = digestOf(Buffer.alloc(0));
      expect(await fixture.uploads.seal(id, digest, 0)).toBe('sealed');
      expect(await holds(digest, Buffer.alloc(0))).toBe(true);
    });

    it('continues chunk by chunk (U5)', async () => {
      const bytes = randomBytes(200_000);
      expect(await append(0, bytes.subarray(0, 70_000))).toBe(70_000);
      expect(await append(70_000, bytes.subarray(70_000, 70_001))).toBe(70_001);
      expect(await append(70_001, bytes.subarray(70_001))).toBe(200_000);
      const digest = digestOf(bytes);
      expect(await fixture.uploads.seal(id, digest, 200_000)).toBe('sealed');
      expect(await holds(digest, bytes)).toBe(true);
    });

    it('verifies an algorithm that was not announced (U10)', async () => {
      const bytes = randomBytes(100_000);
      await append(0, bytes, ['sha256']);
      const digest = digestOf(bytes, 'sha512');
      expect(await fixture.uploads.seal(id, digest, bytes.length)).toBe('sealed');
      expect(await holds(digest, bytes)).toBe(true);
      expect(await fixture.blobs.stat(digestOf(bytes))).toBeNull();
    });

    it.each(['sha256', 'sha512'] as const)(
      'keeps the bytes of a wrong %s digest, and stores nothing (U9)',
      async (algorithm) => {
        const bytes = randomBytes(1000);
        await append(0, bytes, [algorithm]);
        const wrong = digestOf(randomBytes(5), algorithm);
        expect(await fixture.uploads.seal(id, wrong, 1000)).toBe('mismatch');
        expect(await fixture.blobs.stat(wrong)).toBeNull();
        const right = digestOf(bytes, algorithm);
        expect(await fixture.uploads.seal(id, right, 1000)).toBe('sealed');
        expect(await holds(right, bytes)).toBe(true);
      },
    );

    it('seals only the acknowledged bytes', async () => {
      const bytes = randomBytes(1000);
      await append(0, bytes);
      const digest = digestOf(bytes.subarray(0, 600));
      expect(await fixture.uploads.seal(id, digest, 600)).toBe('sealed');
      expect(await holds(digest, bytes.subarray(0, 600))).toBe(true);
    });

    it('overwrites what an unacknowledged request left behind (U13, R24)', async () => {
      const bytes = randomBytes(5000);
      await append(0, bytes.subarray(0, 1000));
      await append(1000, randomBytes(4000));
      expect(await append(1000, bytes.subarray(1000))).toBe(5000);
      expect(await fixture.uploads.seal(id, digestOf(bytes), 5000)).toBe('sealed');
    });

    it('starts over at offset 0', async () => {
      const bytes = randomBytes(500);
      await append(0, randomBytes(9000));
      expect(await append(0, bytes)).toBe(500);
      expect(await fixture.uploads.seal(id, digestOf(bytes), 500)).toBe('sealed');
    });

    it('keeps what arrived before a body broke off (U13)', async () => {
      const bytes = randomBytes(300_000);
      const cause = new Error('gone');
      const broken = breaksOff(bytes.subarray(0, 200_000), cause);
      const failure = await fixture.uploads.append(id, 0, broken, ['sha256']).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(InterruptedAppend);
      expect(failure).toMatchObject({ stored: 200_000, cause });
      expect(await append(200_000, bytes.subarray(200_000))).toBe(300_000);
      expect(await fixture.uploads.seal(id, digestOf(bytes), 300_000)).toBe('sealed');
      expect(await holds(digestOf(bytes), bytes)).toBe(true);
    });

    it('says when bytes are gone that should be there', async () => {
      await expect(append(10, randomBytes(5))).rejects.toBeInstanceOf(LostUpload);
      await expect(fixture.uploads.seal(id, digestOf(randomBytes(3)), 3)).rejects.toBeInstanceOf(LostUpload);
      await append(0, randomBytes(5));
      await expect(append(6, randomBytes(5))).rejects.toBeInstanceOf(LostUpload);
      await append(0, randomBytes(5));
      await expect(fixture.uploads.seal(id, digestOf(randomBytes(3)), 6)).rejects.toBeInstanceOf(LostUpload);
    });

    it('stores one copy of what many upload at once (U15, R13)', async () => {
      const bytes = randomBytes(100_000);
      const digest = digestOf(bytes);
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, async (_, index) => {
          await fixture.uploads.append(`${id}-${index}`, 0, chunksOf(bytes), ['sha256']);
          return fixture.uploads.seal(`${id}-${index}`, digest, bytes.length);
        }),
      );
      expect(outcomes).toEqual(outcomes.map(() => 'sealed'));
      expect(await holds(digest, bytes)).toBe(true);
      expect(await fixture.blobs.remove(digest)).toBe(true);
      expect(await fixture.blobs.stat(digest)).toBeNull();
    });

    it('forgets a discarded upload, quietly also twice', async () => {
      await append(0, randomBytes(10));
      await fixture.uploads.discard(id);
      await fixture.uploads.discard(id);
      await expect(append(10, randomBytes(5))).rejects.toBeInstanceOf(LostUpload);
    });

    it('lists uploads that have not changed since a moment', async () => {
      await append(0, randomBytes(10));
      expect(await fixture.uploads.listIdle(new Date(Date.now() - 3600_000), 10)).toEqual([]);
      const later = new Date(Date.now() + 3600_000);
      expect(await fixture.uploads.listIdle(later, 10)).toEqual([id]);
      await fixture.uploads.append(`${id}-2`, 0, chunksOf(randomBytes(10)), ['sha256']);
      expect(await fixture.uploads.listIdle(later, 1)).toHaveLength(1);
    });

    it('reads at any position, and nothing behind the end (B3)', async () => {
      const bytes = randomBytes(100_000);
      const handle = await fixture.blobs.open(await store(bytes));
      expect(handle?.size).toBe(100_000);
      const into = Buffer.alloc(1000);
      expect(await handle?.read(into, 50_000)).toBe(1000);
      expect(into.equals(bytes.subarray(50_000, 51_000))).toBe(true);
      expect(await handle?.read(into, 99_500)).toBe(500);
      expect(await handle?.read(into, 100_000)).toBe(0);
      await handle?.close();
    });

    it('keeps an open blob readable while it is removed', async () => {
      const bytes = randomBytes(1000);
      const digest = await store(bytes);
      const handle = await fixture.blobs.open(digest);
      expect(await fixture.blobs.remove(digest)).toBe(true);
      expect(await fixture.blobs.remove(digest)).toBe(false);
      expect(await fixture.blobs.open(digest)).toBeNull();
      expect(await fixture.blobs.stat(digest)).toBeNull();
      const into = Buffer.alloc(1000);
      expect(await handle?.read(into, 0)).toBe(1000);
      await handle?.close();
      expect(into.equals(bytes)).toBe(true);
    });

    it('heals a blob that was removed, by pushing it again (R18)', async () => {
      const bytes = randomBytes(1000);
      const digest = await store(bytes);
      await fixture.blobs.remove(digest);
      await store(bytes);
      expect(await holds(digest, bytes)).toBe(true);
    });

    it('sets blobs aside, where who looks for one still finds it (R18)', async () => {
      const bytes = randomBytes(1000);
      const digest = await store(bytes);
      const absent = digestOf(randomBytes(5));
      await fixture.blobs.setAside([digest, absent]);
      expect(await fixture.blobs.list(null, 10)).toEqual([]);
      expect(await holds(digest, bytes)).toBe(true);
      expect(await fixture.blobs.stat(absent)).toBeNull();
      await fixture.blobs.discardAside([digest]);
      expect(await holds(digest, bytes)).toBe(true);
    });

    it('gives up what was set aside, and takes it back before that', async () => {
      const kept = randomBytes(10);
      const digests = [await store(kept)];
      id += '-2';
      digests.push(await store(randomBytes(20)));
      await fixture.blobs.setAside(digests);
      await fixture.blobs.putBack(digests.slice(0, 1));
      await fixture.blobs.discardAside(digests);
      await fixture.blobs.discardAside(digests);
      expect(await holds(digests[0] as Digest, kept)).toBe(true);
      expect(await fixture.blobs.stat(digests[1] as Digest)).toBeNull();
    });

    it('R18 keeps what is pushed again while the same bytes are set aside or given up', async () => {
      const bytes = randomBytes(1000);
      const digest = await store(bytes);
      await fixture.blobs.setAside([digest]);
      await store(bytes);
      await fixture.blobs.discardAside([digest]);
      expect(await holds(digest, bytes)).toBe(true);
    });

    it('R8 hides what is quarantined until it is pushed again', async () => {
      const bytes = randomBytes(1000);
      const digest = await store(bytes);
      const read = await opened(digest);
      expect(await fixture.blobs.quarantine(digest, read)).toBe(true);
      expect(await fixture.blobs.quarantine(digest, read)).toBe(false);
      expect(await fixture.blobs.stat(digest)).toBeNull();
      expect(await fixture.blobs.open(digest)).toBeNull();
      await store(bytes);
      expect(await holds(digest, bytes)).toBe(true);
      await read.close();
    });

    it('R8 quarantines only what was read, not what was pushed over it meanwhile', async () => {
      const bytes = randomBytes(1000);
      const digest = await store(bytes);
      const read = await opened(digest);
      await store(bytes);
      expect(await fixture.blobs.quarantine(digest, read)).toBe(false);
      await read.close();
      expect(await holds(digest, bytes)).toBe(true);
      expect((await fixture.blobs.list(null, 10)).map((listed) => listed.digest)).toEqual([digest]);
      const again = await opened(digest);
      expect(await fixture.blobs.quarantine(digest, again)).toBe(true);
      await again.close();
      expect(await fixture.blobs.stat(digest)).toBeNull();
    });

    it('lists what is stored, page by page in the order of digests', async () => {
      const stored: { digest: Digest; size: number }[] = [];
      for (let size = 1; size <= 12; size++) {
        id = `upload-list-${size}`;
        stored.push({ digest: await store(randomBytes(size), size % 4 === 0 ? 'sha512' : 'sha256'), size });
      }
      const listed: { digest: Digest; size: number }[] = [];
      for (let after: Digest | null = null; ; ) {
        const page = await fixture.blobs.list(after, 5);
        const last = page.at(-1);
        if (!last) break;
        expect(page.length).toBeLessThanOrEqual(5);
        expect(page.every(({ changedAt }) => Math.abs(Date.now() - changedAt.getTime()) < 3600_000)).toBe(true);
        listed.push(...page.map(({ digest, size }) => ({ digest, size })));
        after = last.digest;
      }
      expect(listed).toEqual(stored.toSorted((left, right) => (left.digest < right.digest ? -1 : 1)));
    });

    it('continues and seals an upload in another process (U12, R23)', async ({ skip }) => {
      const other = fixture.other ?? skip();
      const bytes = randomBytes(600_000);
      await append(0, bytes.subarray(0, 200_000));
      await other.uploads.append(id, 200_000, chunksOf(bytes.subarray(200_000, 400_000)), ['sha256']);
      await append(400_000, bytes.subarray(400_000));
      expect(await other.uploads.seal(id, digestOf(bytes), 600_000)).toBe('sealed');
      expect(await holds(digestOf(bytes), bytes)).toBe(true);
      expect(await holds(digestOf(bytes), bytes, other.blobs)).toBe(true);
    });

    it('notices that another process wrote to the same offsets', async ({ skip }) => {
      const other = fixture.other ?? skip();
      const bytes = randomBytes(1000);
      await append(0, randomBytes(1000));
      await other.uploads.append(id, 0, chunksOf(bytes), ['sha256']);
      expect(await fixture.uploads.seal(id, digestOf(bytes), 1000)).toBe('sealed');
      expect(await holds(digestOf(bytes), bytes)).toBe(true);
    });
  });
}

async function* chunksOf(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield Buffer.from(bytes.subarray(start, start + size));
}

async function* breaksOff(bytes: Uint8Array, cause: Error): AsyncGenerator<Uint8Array> {
  yield* chunksOf(bytes);
  throw cause;
}

async function readAll(blobs: BlobStore, digest: Digest): Promise<Buffer | null> {
  const handle = await blobs.open(digest);
  if (!handle) return null;
  const bytes = Buffer.alloc(handle.size);
  let position = 0;
  while (position < bytes.length) {
    const count = await handle.read(bytes.subarray(position), position);
    if (count === 0) break;
    position += count;
  }
  await handle.close();
  return bytes.subarray(0, position);
}
