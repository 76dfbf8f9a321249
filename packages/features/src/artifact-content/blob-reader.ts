import type { BlobHandle, BlobStore, Digest } from '@moorage/distribution';

/** How rooms read stored blobs: bound to the engine's blob store where the process is composed. Says nothing about rights. */
export class BlobReader {
  readonly #blobs: Pick<BlobStore, 'open'>;

  constructor(blobs: Pick<BlobStore, 'open'>) {
    this.#blobs = blobs;
  }

  /** For positional reads; null when it is not stored. Whoever opens it closes it. */
  open(digest: Digest): Promise<BlobHandle | null> {
    return this.#blobs.open(digest);
  }

  /** The whole blob; null when it is not stored or larger than `maxBytes`. */
  async read(digest: Digest, maxBytes: number): Promise<Buffer | null> {
    const handle = await this.#blobs.open(digest);
    if (!handle) return null;
    try {
      if (handle.size > maxBytes) return null;
      const bytes = Buffer.allocUnsafe(handle.size);
      let filled = 0;
      while (filled < bytes.length) {
        const read = await handle.read(bytes.subarray(filled), filled);
        if (read === 0) return null;
        filled += read;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  }
}
