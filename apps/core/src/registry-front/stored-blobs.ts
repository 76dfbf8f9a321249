import type { BlobStore, Digest } from '@moorage/distribution';
import { BlobReader } from '@moorage/features/artifact';

/** Small blobs straight from the engine's store, for screens that show what is inside an artifact. */
export class StoredBlobs extends BlobReader {
  readonly #blobs: BlobStore;

  constructor(blobs: BlobStore) {
    super();
    this.#blobs = blobs;
  }

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
