import type { Digest } from './digest.ts';

/**
 * Least-recently-used bytes behind digests. Content behind a digest never changes, so entries need no invalidation;
 * whether a repository has the content is asked of the metadata store before the cache is (S65).
 */
export class ContentCache {
  readonly #capacity: number;
  readonly #entries = new Map<Digest, Buffer>();
  #bytes = 0;

  /** `capacity` in bytes; content above a sixteenth of it is not kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(digest: Digest): Buffer | undefined {
    const entry = this.#entries.get(digest);
    if (entry) {
      this.#entries.delete(digest);
      this.#entries.set(digest, entry);
    }
    return entry;
  }

  set(digest: Digest, bytes: Buffer): void {
    if (bytes.length > this.#capacity / 16 || this.#entries.has(digest)) return;
    this.#entries.set(digest, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, content] of this.#entries) {
      if (this.#bytes <= this.#capacity) break;
      this.#entries.delete(oldest);
      this.#bytes -= content.length;
    }
  }
}
