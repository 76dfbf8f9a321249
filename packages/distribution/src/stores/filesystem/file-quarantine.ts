import { randomUUID } from 'node:crypto';
import { link, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DirectorySync } from './durable-directory.ts';
import { errorCode } from './storage-error.ts';

/** What tells a file from any other that gets its name. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Takes files out of service that were seen to be damaged, and nothing else that has their name by then. */
export class FileQuarantine {
  readonly #directories = new DirectorySync();

  /**
   * Moves one certain file from its path to its place in quarantine, durably; false when it does not have that path any
   * more. No call renames only if the file is the expected one, so whatever comes along is put back, unless a still newer
   * file is there. Both directories must exist.
   */
  async take(path: string, place: string, file: FileIdentity): Promise<boolean> {
    // A name of its own: an older file in quarantine must survive when this one turns out to be whole.
    const taken = `${place}.${randomUUID()}`;
    if (!(await unless('ENOENT', rename(path, taken)))) return false;
    const isExpected = await isFile(taken, file);
    if (isExpected) await rename(taken, place);
    else await unless('EEXIST', link(taken, path));
    await this.#directories.sync(dirname(isExpected ? place : path));
    // The old name last: a file may be found twice after a power loss, never not at all.
    if (!isExpected) await unlink(taken);
    await this.#directories.sync(dirname(isExpected ? path : place));
    return isExpected;
  }
}

/** Whether the path leads to this file. */
export async function isFile(path: string, file: FileIdentity): Promise<boolean> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return dev === file.dev && ino === file.ino;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function unless(code: string, call: Promise<void>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (errorCode(error) === code) return false;
    throw error;
  }
}
