import { createCipheriv, createHash, hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

/** A piece of the data file and its digest. */
export interface Slice {
  readonly digest: string;
  readonly offset: number;
  readonly length: number;
}

const CHUNK_BYTES = 1024 * 1024;

/** The file whose slices the client sends: noise that follows from a seed, and text between it. */
export class DataFile {
  readonly path: string;
  readonly #file: number;
  readonly #noise;
  #length = 0;

  constructor(path: string, seed: string) {
    this.path = path;
    this.#file = openSync(path, 'w');
    this.#noise = createCipheriv('aes-128-ctr', hash('sha256', seed, 'buffer').subarray(0, 16), Buffer.alloc(16));
  }

  /** Appends incompressible bytes. */
  addNoise(length: number): Slice {
    const offset = this.#length;
    const digest = createHash('sha256');
    const zeros = Buffer.alloc(Math.min(length, CHUNK_BYTES));
    for (let left = length; left > 0; ) {
      const bytes = this.#noise.update(zeros.subarray(0, Math.min(left, CHUNK_BYTES)));
      digest.update(bytes);
      this.#write(bytes);
      left -= bytes.length;
    }
    return { digest: `sha256:${digest.digest('hex')}`, offset, length };
  }

  addText(text: string): Slice {
    const offset = this.#length;
    const bytes = Buffer.from(text);
    this.#write(bytes);
    return { digest: `sha256:${hash('sha256', bytes, 'hex')}`, offset, length: bytes.length };
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    writeSync(this.#file, bytes);
    this.#length += bytes.length;
  }
}
