import type { Digest, DigestAlgorithm } from '../digest.ts';

/**
 * Bytes of blobs that are still arriving. Sessions (who, which repository, which offset is acknowledged) are rows of
 * {@link UploadSessions}; this port only holds bytes. Any process that shares the storage can continue an upload.
 */
export interface UploadStore {
  /** Prepares an empty upload. `algorithms` are hashed while bytes arrive; others need a second read when sealed. */
  create(id: string, algorithms: readonly DigestAlgorithm[]): Promise<void>;
  /**
   * Writes `source` at `offset` and returns the new length. Bytes beyond `offset` from an earlier broken request are
   * overwritten. A source that fails leaves what had arrived: the error is an {@link InterruptedAppend}.
   */
  append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<number>;
  /** Bytes that are stored, or null when the upload is unknown to the storage. */
  size(id: string): Promise<number | null>;
  /**
   * Makes the upload a blob: verifies that exactly `size` bytes hash to `digest`, makes them durable (file, rename,
   * directory) and visible in the blob store. Answers `mismatch` and keeps the bytes when the digest differs. Sealing a
   * digest that is already stored succeeds and keeps one copy.
   */
  seal(id: string, digest: Digest, size: number): Promise<'sealed' | 'mismatch'>;
  /** Drops the bytes of an upload; quiet when there are none. */
  discard(id: string): Promise<void>;
}

/** The client went away in the middle of a body; `stored` bytes of the upload are kept. */
export class InterruptedAppend extends Error {
  readonly stored: number;

  constructor(stored: number, cause: unknown) {
    super('the request body ended early', { cause });
    this.stored = stored;
  }
}
