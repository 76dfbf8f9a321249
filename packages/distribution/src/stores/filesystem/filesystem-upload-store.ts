import { createHash } from 'node:crypto';
import { type FileHandle, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { algorithmOf, type Digest, type DigestAlgorithm, digestFrom } from '../../digest.ts';
import { type ByteSource, InterruptedAppend, LostUpload, type UploadStore } from '../../ports/index.ts';
import { createDirectory, DirectorySync } from './durable-directory.ts';
import type { StoreLayout } from './layout.ts';
import { LiveUpload } from './live-upload.ts';
import { LiveUploads } from './live-uploads.ts';
import { asStorageError, errorCode } from './storage-error.ts';
import { TailHasher } from './tail-hasher.ts';

const REHASH_BYTES = 1024 * 1024;

/**
 * Uploads as files that become blobs by a rename. A blob is acknowledged in this order: file fsync, rename, directory
 * fsync; any failure on the way drops the bytes (R1–R5). Several processes may share the directory, as long as each
 * holds the upload's claim while it writes.
 */
export class FilesystemUploadStore implements UploadStore {
  readonly #layout: StoreLayout;
  readonly #live = new LiveUploads();
  readonly #tails = new TailHasher();
  readonly #directories = new DirectorySync();
  readonly #blobDirectories = new Map<string, Promise<void>>();

  constructor(layout: StoreLayout) {
    this.#layout = layout;
  }

  async append(
    id: string,
    offset: number,
    source: ByteSource,
    algorithms: readonly DigestAlgorithm[],
  ): Promise<number> {
    const upload = await this.#openAt(id, offset, algorithms).catch(rethrow);
    let outcome: Awaited<ReturnType<LiveUpload['receive']>>;
    try {
      outcome = await upload.receive(source);
      await upload.mark();
    } catch (error) {
      // Gives the room back; the session still ends at `offset`, so nothing that was acknowledged is lost.
      await upload.file.truncate(offset).catch(() => undefined);
      await upload.close();
      return rethrow(error);
    }
    if (outcome) {
      await upload.close();
      throw new InterruptedAppend(upload.length, outcome.brokeOff);
    }
    await this.#live.keep(id, upload);
    return upload.length;
  }

  async seal(id: string, digest: Digest, size: number): Promise<'sealed' | 'mismatch'> {
    const upload = await this.#openToSeal(id, size).catch(rethrow);
    try {
      const algorithm = algorithmOf(digest);
      const actual = (await upload.takeDigest(algorithm)) ?? (await hashFile(upload.file, size, algorithm));
      if (actual !== digest) {
        await upload.close();
        return 'mismatch';
      }
      await upload.file.sync();
      await upload.close();
      await this.#publish(id, digest);
      return 'sealed';
    } catch (error) {
      await upload.close().catch(() => undefined);
      await rm(this.#layout.upload(id), { force: true }).catch(() => undefined);
      return rethrow(error);
    }
  }

  async discard(id: string): Promise<void> {
    await this.#live.drop(id);
    await rm(this.#layout.upload(id), { force: true });
  }

  async listIdle(before: Date, limit: number): Promise<readonly string[]> {
    const idle: string[] = [];
    for await (const entry of await opendir(this.#layout.uploads())) {
      if (idle.length >= limit) break;
      const modified = await stat(this.#layout.upload(entry.name)).then(
        (stats) => stats.mtime,
        () => null,
      );
      if (modified && modified < before) idle.push(entry.name);
    }
    return idle;
  }

  /** Closes files that were kept open for uploads in progress. The uploads themselves stay. */
  async close(): Promise<void> {
    await this.#live.close();
    await this.#tails.close();
  }

  async #openAt(id: string, offset: number, algorithms: readonly DigestAlgorithm[]): Promise<LiveUpload> {
    const kept = await this.#takeUntouched(id, offset);
    if (kept) return kept;
    const path = this.#layout.upload(id);
    if (offset === 0) return LiveUpload.fresh(await open(path, 'w+', 0o640), algorithms, this.#tails);
    const file = await openExisting(path, id);
    return trimTo(file, id, offset);
  }

  async #openToSeal(id: string, size: number): Promise<LiveUpload> {
    const kept = await this.#takeUntouched(id, size);
    if (kept) return kept;
    const path = this.#layout.upload(id);
    // An empty blob may have had no append at all.
    if (size === 0) return LiveUpload.continued(await open(path, 'w+', 0o640), 0);
    return trimTo(await openExisting(path, id), id, size);
  }

  async #takeUntouched(id: string, length: number): Promise<LiveUpload | undefined> {
    const kept = this.#live.take(id);
    if (!kept) return undefined;
    if (kept.length === length && length > 0 && (await kept.isUntouched())) return kept;
    await kept.close();
    return undefined;
  }

  async #publish(id: string, digest: Digest): Promise<void> {
    const directory = this.#layout.blobDirectory(digest);
    await this.#ensureDirectory(directory);
    await rename(this.#layout.upload(id), this.#layout.blob(digest));
    await this.#directories.sync(directory);
  }

  #ensureDirectory(directory: string): Promise<void> {
    let ready = this.#blobDirectories.get(directory);
    if (!ready) {
      ready = createDirectory(directory);
      ready.catch(() => this.#blobDirectories.delete(directory));
      this.#blobDirectories.set(directory, ready);
    }
    return ready;
  }
}

async function openExisting(path: string, id: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? new LostUpload(id) : error;
  }
}

/** Cuts off what an earlier broken request left behind the acknowledged length. */
async function trimTo(file: FileHandle, id: string, length: number): Promise<LiveUpload> {
  try {
    const { size } = await file.stat();
    if (size < length) throw new LostUpload(id);
    if (size > length) await file.truncate(length);
    return LiveUpload.continued(file, length);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function hashFile(file: FileHandle, size: number, algorithm: DigestAlgorithm): Promise<Digest> {
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafeSlow(Math.min(REHASH_BYTES, Math.max(size, 1)));
  let position = 0;
  while (position < size) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - position), position);
    if (bytesRead === 0) throw new Error('an upload became shorter while it was read');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return digestFrom(hash, algorithm);
}

function rethrow(error: unknown): never {
  throw asStorageError(error);
}
