import type { FileHandle } from 'node:fs/promises';

/** Bytes per write: large enough for few system calls, small enough to stay in the processor's cache. */
const BATCH_BYTES = 512 * 1024;

/**
 * Writes chunks to a file in large batches with one write in flight, so that receiving and hashing go on while the
 * kernel copies. More than one write in flight would only queue on the inode's lock.
 */
export class BatchWriter {
  readonly #file: FileHandle;
  #position: number;
  #written: number;
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  #inFlight: Promise<void> | undefined;

  constructor(file: FileHandle, position: number) {
    this.#file = file;
    this.#position = position;
    this.#written = position;
  }

  /** End of the bytes the kernel has accepted. */
  get written(): number {
    return this.#written;
  }

  /** Takes a chunk; undefined when there is room for more at once, else a promise to wait for. */
  push(chunk: Uint8Array): Promise<void> | undefined {
    this.#batch.push(chunk);
    this.#batchBytes += chunk.length;
    return this.#batchBytes >= BATCH_BYTES ? this.#next() : undefined;
  }

  /** Resolves when everything that was pushed is written. */
  async flush(): Promise<void> {
    if (this.#batchBytes > 0) await this.#next();
    await this.#inFlight;
  }

  async #next(): Promise<void> {
    await this.#inFlight;
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    const write = this.#write(batch);
    this.#inFlight = write;
    // Whoever waits next sees the failure; until then it must not count as unhandled.
    write.catch(() => undefined);
  }

  async #write(batch: Uint8Array[]): Promise<void> {
    let rest = batch;
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev(rest, this.#position);
      if (bytesWritten === 0) throw new Error('the file system accepted no bytes');
      this.#position += bytesWritten;
      this.#written = this.#position;
      rest = after(rest, bytesWritten);
    }
  }
}

/** What a short write has left over. */
function after(chunks: Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  let index = 0;
  for (let chunk = chunks[index]; chunk && skip >= chunk.length; chunk = chunks[index]) {
    skip -= chunk.length;
    index++;
  }
  const rest = chunks.slice(index);
  if (skip > 0 && rest[0]) rest[0] = rest[0].subarray(skip);
  return rest;
}
