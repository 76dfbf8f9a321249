import type { Digest } from '../digest.ts';

/**
 * Content-addressed bytes, shared by all repositories. Knows nothing of names or rights: only {@link RepositoryBlobs}
 * decides whether a repository may see a blob.
 */
export interface BlobStore {
  /** Size in bytes, or null when no complete blob of this digest is stored. */
  stat(digest: Digest): Promise<{ readonly size: number } | null>;
  /** Opens the blob for positional reads, or null when it is not stored. The caller must close the handle. */
  open(digest: Digest): Promise<BlobHandle | null>;
  /** Removes the bytes; true when they were there. Only garbage collection calls this. */
  remove(digest: Digest): Promise<boolean>;
}

/** A stored blob as a listing shows it. */
export interface ListedBlob {
  readonly digest: Digest;
  readonly size: number;
  /** When its bytes were put there. */
  readonly changedAt: Date;
}

/**
 * Capability: what collecting garbage and checking the storage need. A blob that is set aside can still be read, because
 * somebody may just have pushed it again; bytes are given up by `discardAside` only, when nobody can mean them any more.
 */
export interface CollectableBlobStore extends BlobStore {
  /** Takes blobs out of the way, durably; those that are not stored are passed over. A blob sealed later is not touched. */
  setAside(digests: readonly Digest[]): Promise<void>;
  /** Takes blobs that were set aside into service again. Reading one does the same. */
  putBack(digests: readonly Digest[]): Promise<void>;
  /** Gives up the bytes of blobs that were set aside, durably. */
  discardAside(digests: readonly Digest[]): Promise<void>;
  /**
   * Keeps the object an open handle of this store reads, which is not what its name says, for people to look at, where no
   * reader finds it. False when something else has that name by now, or nothing: that is left, or put back, as it was.
   */
  quarantine(digest: Digest, read: BlobHandle): Promise<boolean>;
  /** Stored blobs after a digest, in the order of digests, at least one and about `limit`; none at the end. */
  list(after: Digest | null, limit: number): Promise<readonly ListedBlob[]>;
}

/** An open blob. Reads are positional, so one handle may serve several ranges. */
export interface BlobHandle {
  readonly size: number;
  /** Fills `into` from `position`; returns the number of bytes read, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** Capability: the store can hand out a short-lived URL that serves the blob without credentials. */
export interface RedirectingBlobStore extends BlobStore {
  downloadUrl(digest: Digest, lifetimeSeconds: number): Promise<URL>;
}

/** Tells whether a store offers {@link RedirectingBlobStore}. */
export function canRedirect(store: BlobStore): store is RedirectingBlobStore {
  return typeof (store as Partial<RedirectingBlobStore>).downloadUrl === 'function';
}
