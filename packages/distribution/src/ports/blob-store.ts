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
