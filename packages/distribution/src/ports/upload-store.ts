import type { Digest, DigestAlgorithm } from '../digest.ts';

/** Bytes as they arrive. */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  /** How many there will be if the client tells the truth; for planning only. */
  readonly expectedBytes?: number | undefined;
}

/**
 * Bytes of blobs that are still arriving. Sessions (who, which repository, which offset is acknowledged) are rows of
 * {@link UploadSessions}; this port only holds bytes. Any process that shares the storage can continue an upload; the
 * caller holds the session's claim while it appends or seals. Ids are made by the metadata store or, for an upload that
 * lives for one request only, by the engine; they are safe as file names.
 */
export interface UploadStore {
  /**
   * Writes `source` at `offset` and returns the new length; offset 0 begins the upload. Bytes beyond `offset` from an
   * earlier broken request are overwritten. `algorithms` are hashed while bytes arrive; others need a second read when
   * sealed. A source that fails leaves what had arrived and raises an {@link InterruptedAppend}; a storage that holds
   * fewer than `offset` bytes raises a {@link LostUpload}; no room raises a {@link StorageFull}.
   */
  append(id: string, offset: number, source: ByteSource, algorithms: readonly DigestAlgorithm[]): Promise<number>;
  /**
   * Makes the upload a blob: verifies that its first `size` bytes hash to `digest`, makes them durable (file, rename,
   * directory) and visible in the blob store, and forgets the upload. Answers `mismatch` and keeps the bytes when the
   * digest differs. Sealing a digest that is already stored succeeds and keeps one copy. When the storage fails, the
   * bytes are dropped and the error is raised: a failed fsync is never retried into success.
   */
  seal(id: string, digest: Digest, size: number): Promise<'sealed' | 'mismatch'>;
  /** Drops the bytes of an upload; quiet when there are none. */
  discard(id: string): Promise<void>;
  /** Ids of uploads whose bytes have not changed since `before`, at most `limit`. */
  listIdle(before: Date, limit: number): Promise<readonly string[]>;
}
