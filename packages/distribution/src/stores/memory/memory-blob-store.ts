import type { Digest } from '../../digest.ts';
import type { BlobHandle, CollectableBlobStore, ListedBlob } from '../../ports/index.ts';

/** Blobs in memory, for tests and throw-away registries. */
export class MemoryBlobStore implements CollectableBlobStore {
  readonly #blobs = new Map<Digest, Buffer>();
  readonly #aside = new Map<Digest, Buffer>();
  readonly #changedAt = new Map<Digest, Date>();

  async stat(digest: Digest): Promise<{ readonly size: number } | null> {
    const bytes = this.#find(digest);
    return bytes ? { size: bytes.length } : null;
  }

  async open(digest: Digest): Promise<BlobHandle | null> {
    const bytes = this.#find(digest);
    return bytes ? new MemoryBlobHandle(bytes) : null;
  }

  async remove(digest: Digest): Promise<boolean> {
    return this.#blobs.delete(digest);
  }

  async setAside(digests: readonly Digest[]): Promise<void> {
    for (const digest of digests) this.#move(digest, this.#blobs, this.#aside);
  }

  async putBack(digests: readonly Digest[]): Promise<void> {
    for (const digest of digests) this.#move(digest, this.#aside, this.#blobs);
  }

  async discardAside(digests: readonly Digest[]): Promise<void> {
    for (const digest of digests) this.#aside.delete(digest);
  }

  async quarantine(digest: Digest, read: BlobHandle): Promise<boolean> {
    const bytes = this.#blobs.get(digest);
    return bytes !== undefined && read instanceof MemoryBlobHandle && read.reads(bytes) && this.#blobs.delete(digest);
  }

  async list(after: Digest | null, limit: number): Promise<readonly ListedBlob[]> {
    return [...this.#blobs]
      .filter(([digest]) => after === null || digest > after)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, limit)
      .map(([digest, { length }]) => ({
        digest,
        size: length,
        changedAt: this.#changedAt.get(digest) ?? new Date(0),
      }));
  }

  #find(digest: Digest): Buffer | undefined {
    if (!this.#blobs.has(digest)) this.#move(digest, this.#aside, this.#blobs);
    return this.#blobs.get(digest);
  }

  #move(digest: Digest, from: Map<Digest, Buffer>, to: Map<Digest, Buffer>): void {
    const bytes = from.get(digest);
    if (!bytes) return;
    from.delete(digest);
    to.set(digest, bytes);
  }

  /** Takes over verified bytes; only {@link MemoryUploadStore} calls this. */
  adopt(digest: Digest, bytes: Buffer): void {
    this.#blobs.set(digest, bytes);
    this.#changedAt.set(digest, new Date());
  }
}

class MemoryBlobHandle implements BlobHandle {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return this.#bytes.copy(into, 0, position);
  }

  async close(): Promise<void> {}

  /** Whether this very object is read, not only an equal one. */
  reads(bytes: Buffer): boolean {
    return this.#bytes === bytes;
  }
}
