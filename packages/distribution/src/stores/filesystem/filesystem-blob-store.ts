import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import type { Digest } from '../../digest.ts';
import type { BlobHandle, BlobStore } from '../../ports/index.ts';
import type { StoreLayout } from './layout.ts';
import { errorCode } from './storage-error.ts';

/** Blobs as files named by their digest. A file is complete from the moment it has that name. */
export class FilesystemBlobStore implements BlobStore {
  readonly #layout: StoreLayout;

  constructor(layout: StoreLayout) {
    this.#layout = layout;
  }

  async stat(digest: Digest): Promise<{ readonly size: number } | null> {
    const stats = await absentAsNull(stat(this.#layout.blob(digest)));
    return stats && { size: stats.size };
  }

  async open(digest: Digest): Promise<BlobHandle | null> {
    const file = await absentAsNull(open(this.#layout.blob(digest), 'r'));
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
}

async function absentAsNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
