import type { Digest } from '../../digest.ts';
import type { BlobHandle, BlobStore } from '../../ports/index.ts';

/** Blobs in memory, for tests and throw-away registries. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<Digest, Buffer>();

  async stat(digest: Digest): Promise<{ readonly size: number } | null> {
    const bytes = this.#blobs.get(digest);
    return bytes ? { size: bytes.length } : null;
  }

  async open(digest: Digest): Promise<BlobHandle | null> {
    const bytes = this.#blobs.get(digest);
    if (!bytes) return null;
    return {
      size: bytes.length,
      read: async (into, position) => bytes.copy(into, 0, position),
      close: async () => undefined,
    };
  }

  async remove(digest: Digest): Promise<boolean> {
    return this.#blobs.delete(digest);
  }

  /** Takes over verified bytes; only {@link MemoryUploadStore} calls this. */
  adopt(digest: Digest, bytes: Buffer): void {
    this.#blobs.set(digest, bytes);
  }
}
