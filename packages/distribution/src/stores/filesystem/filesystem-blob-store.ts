import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import type { Digest } from '../../digest.ts';
import type { BlobHandle, CollectableBlobStore, ListedBlob } from '../../ports/index.ts';
import { listBlobFiles } from './blob-listing.ts';
import { DirectoryMoves } from './directory-moves.ts';
import { type FileIdentity, FileQuarantine, isFile } from './file-quarantine.ts';
import type { StoreLayout } from './layout.ts';
import { errorCode } from './storage-error.ts';

/** Blobs as files named by their digest. A file is complete from the moment it has that name. */
export class FilesystemBlobStore implements CollectableBlobStore {
  readonly #layout: StoreLayout;
  readonly #moves = new DirectoryMoves();
  readonly #quarantine = new FileQuarantine();

  constructor(layout: StoreLayout) {
    this.#layout = layout;
  }

  async stat(digest: Digest): Promise<{ readonly size: number } | null> {
    const stats = await this.#found(digest, (path) => stat(path));
    return stats && { size: stats.size };
  }

  async open(digest: Digest): Promise<BlobHandle | null> {
    const file = await this.#found(digest, (path) => open(path, 'r'));
    if (!file) return null;
    try {
      const { size } = await file.stat();
      return new FileBlobHandle(file, size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async remove(digest: Digest): Promise<boolean> {
    return (await absentAsNull(unlink(this.#layout.blob(digest)).then(() => true))) ?? false;
  }

  async setAside(digests: readonly Digest[]): Promise<void> {
    await this.#moves.run(
      digests.map((digest) => ({
        from: [this.#layout.blobDirectory(digest), this.#layout.blob(digest)],
        to: [this.#layout.asideDirectory(digest), this.#layout.aside(digest)],
      })),
    );
  }

  async putBack(digests: readonly Digest[]): Promise<void> {
    await this.#moves.run(
      digests.map((digest) => ({
        from: [this.#layout.asideDirectory(digest), this.#layout.aside(digest)],
        to: [this.#layout.blobDirectory(digest), this.#layout.blob(digest)],
      })),
    );
  }

  async discardAside(digests: readonly Digest[]): Promise<void> {
    await this.#moves.run(
      digests.map((digest) => ({ from: [this.#layout.asideDirectory(digest), this.#layout.aside(digest)], to: null })),
    );
  }

  async quarantine(digest: Digest, read: BlobHandle): Promise<boolean> {
    if (!(read instanceof FileBlobHandle)) throw new Error('only what this store has opened can be quarantined');
    const path = this.#layout.blob(digest);
    const file = await read.identity();
    // A look first: what has to be put back is missing for a moment.
    if (!(await isFile(path, file))) return false;
    return this.#quarantine.take(path, this.#layout.quarantine(digest), file);
  }

  list(after: Digest | null, limit: number): Promise<readonly ListedBlob[]> {
    return listBlobFiles(this.#layout, after, limit);
  }

  /** What was set aside is taken back by who looks for it: he has been told that it is there. */
  async #found<T>(digest: Digest, look: (path: string) => Promise<T>): Promise<T | null> {
    const path = this.#layout.blob(digest);
    const found = await absentAsNull(look(path));
    if (found !== null) return found;
    const isBack = await absentAsNull(rename(this.#layout.aside(digest), path).then(() => true));
    // Somebody else may have taken it back in between.
    return isBack || (await absentAsNull(stat(path))) ? absentAsNull(look(path)) : null;
  }
}

class FileBlobHandle implements BlobHandle {
  readonly size: number;
  readonly #file: FileHandle;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const { bytesRead } = await this.#file.read(into, 0, into.length, position);
    return bytesRead;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Which file is read, whatever its name is by now. No other file is the same as long as the handle is open. */
  identity(): Promise<FileIdentity> {
    return this.#file.stat({ bigint: true });
  }
}

async function absentAsNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
