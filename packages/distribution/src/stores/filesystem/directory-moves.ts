import { rename, unlink } from 'node:fs/promises';
import { createDirectory, DirectorySync } from './durable-directory.ts';
import { errorCode } from './storage-error.ts';

/** A directory, and a path in it. */
type Place = readonly [directory: string, path: string];

/** One file that changes its place, or with `to` null is given up. */
export interface FileMove {
  readonly from: Place;
  readonly to: Place | null;
}

/** Calls to the file system at once; more only wait for each other in its threads. */
const PARALLEL = 4;

/** Moves many files and makes the changed directories durable once, not once for each file. */
export class DirectoryMoves {
  readonly #directories = new DirectorySync();
  readonly #ready = new Map<string, Promise<void>>();

  /** Passes over files that are not there; returns how many were. */
  async run(moves: readonly FileMove[]): Promise<number> {
    const targets = new Set(moves.flatMap(({ to }) => (to ? [to[0]] : [])));
    await Promise.all([...targets].map((directory) => this.#ensure(directory)));
    const queue = [...moves];
    const touched = new Set<string>();
    let moved = 0;
    const work = async (): Promise<void> => {
      for (let move = queue.pop(); move; move = queue.pop()) {
        if (!(await change(move))) continue;
        moved++;
        touched.add(move.from[0]);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    if (moved === 0) return 0;
    // The new place first: a file may be found twice after a power loss, never not at all.
    for (const directory of [...targets, ...touched]) await this.#directories.sync(directory);
    return moved;
  }

  #ensure(directory: string): Promise<void> {
    let ready = this.#ready.get(directory);
    if (!ready) {
      ready = createDirectory(directory);
      ready.catch(() => this.#ready.delete(directory));
      this.#ready.set(directory, ready);
    }
    return ready;
  }
}

async function change({ from, to }: FileMove): Promise<boolean> {
  try {
    await (to ? rename(from[1], to[1]) : unlink(from[1]));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
