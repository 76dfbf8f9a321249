import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes directory entries durable. Renames into one directory that finish while its fsync is already running share the
 * next fsync, so many small pushes cost few.
 */
export class DirectorySync {
  readonly #running = new Map<string, { done: Promise<void>; next?: Promise<void> }>();

  /** Resolves once an fsync of the directory that began after this call has succeeded. */
  sync(directory: string): Promise<void> {
    const running = this.#running.get(directory);
    if (!running) return this.#start(directory);
    // The running fsync may have started before our rename; only the one after it is sure to cover it.
    running.next ??= running.done.then(
      () => this.#start(directory),
      () => this.#start(directory),
    );
    return running.next;
  }

  #start(directory: string): Promise<void> {
    const done = syncDirectory(directory).finally(() => {
      const entry = this.#running.get(directory);
      if (entry?.done === done && !entry.next) this.#running.delete(directory);
    });
    this.#running.set(directory, { done });
    return done;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}

/** Creates a directory that survives power loss: its entry in the parent is synced too. The parent must exist. */
export async function createDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o750 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await syncDirectory(dirname(path));
}
