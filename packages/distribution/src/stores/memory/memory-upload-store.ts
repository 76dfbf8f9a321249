import { algorithmOf, type Digest, digestOf } from '../../digest.ts';
import { InterruptedAppend, LostUpload, type UploadStore } from '../../ports/index.ts';
import type { MemoryBlobStore } from './memory-blob-store.ts';

interface PendingBytes {
  bytes: Buffer;
  touchedAt: Date;
}

/** Uploads in memory. Hashes once, when sealed. */
export class MemoryUploadStore implements UploadStore {
  readonly #blobs: MemoryBlobStore;
  readonly #now: () => Date;
  readonly #uploads = new Map<string, PendingBytes>();

  constructor(blobs: MemoryBlobStore, now: () => Date = () => new Date()) {
    this.#blobs = blobs;
    this.#now = now;
  }

  async append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<number> {
    const kept = this.#uploads.get(id)?.bytes.subarray(0, offset) ?? Buffer.alloc(0);
    if (kept.length < offset) throw new LostUpload(id);
    const chunks: Uint8Array[] = [kept];
    let failure: unknown;
    try {
      for await (const chunk of source) chunks.push(chunk);
    } catch (error) {
      failure = error;
    }
    const bytes = Buffer.concat(chunks);
    this.#uploads.set(id, { bytes, touchedAt: this.#now() });
    if (failure !== undefined) throw new InterruptedAppend(bytes.length, failure);
    return bytes.length;
  }

  async seal(id: string, digest: Digest, size: number): Promise<'sealed' | 'mismatch'> {
    const bytes = this.#uploads.get(id)?.bytes.subarray(0, size) ?? Buffer.alloc(0);
    if (bytes.length < size) throw new LostUpload(id);
    if (digestOf(bytes, algorithmOf(digest)) !== digest) return 'mismatch';
    this.#uploads.delete(id);
    this.#blobs.adopt(digest, bytes);
    return 'sealed';
  }

  async discard(id: string): Promise<void> {
    this.#uploads.delete(id);
  }

  async listIdle(before: Date, limit: number): Promise<readonly string[]> {
    const idle = [...this.#uploads].filter(([, upload]) => upload.touchedAt < before);
    return idle.slice(0, limit).map(([id]) => id);
  }
}
