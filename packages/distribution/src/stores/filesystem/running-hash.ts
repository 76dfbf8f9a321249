import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type Digest, type DigestAlgorithm, digestFrom } from '../../digest.ts';
import type { TailHash, TailHasher } from './tail-hasher.ts';

/** Content up to this size is hashed where it is received; more is handed to a thread that reads behind the writer. */
const INLINE_BYTES = 2 * 1024 * 1024;

/**
 * The hash of an upload while it grows. Small uploads are hashed chunk by chunk; a large one moves to another thread,
 * which begins again at the first byte, so that receiving and hashing use two cores.
 */
export class RunningHash {
  readonly algorithm: DigestAlgorithm;
  readonly #file: FileHandle;
  readonly #tails: TailHasher;
  #inline: Hash | undefined;
  #inlineBytes = 0;
  #tail: TailHash | undefined;
  #announced = 0;

  constructor(algorithm: DigestAlgorithm, file: FileHandle, tails: TailHasher) {
    this.algorithm = algorithm;
    this.#file = file;
    this.#tails = tails;
    this.#inline = createHash(algorithm);
  }

  /** Says how many bytes are about to come, as far as the client has told. */
  expect(bytes: number): void {
    if (this.#inline && this.#inlineBytes === 0 && bytes > INLINE_BYTES) this.#handOver();
  }

  /** Takes a chunk that was received. */
  update(chunk: Uint8Array): void {
    if (!this.#inline) return;
    this.#inlineBytes += chunk.length;
    if (this.#inlineBytes <= INLINE_BYTES) this.#inline.update(chunk);
    else this.#handOver();
  }

  /** The file holds everything up to `end` now. */
  written(end: number): void {
    if (!this.#tail || end <= this.#announced) return;
    this.#announced = end;
    this.#tail.advance(end);
  }

  /** The digest of the first `length` bytes, which are all; null when it is not known. Ends the hash. */
  async finish(length: number): Promise<Digest | null> {
    if (this.#inline) {
      const known = this.#inlineBytes === length;
      const digest = digestFrom(this.#inline, this.algorithm);
      this.#inline = undefined;
      return known ? digest : null;
    }
    const tail = this.#tail;
    this.#tail = undefined;
    return tail ? tail.finish(length) : null;
  }

  #handOver(): void {
    this.#inline = undefined;
    this.#tail = this.#tails.begin(this.#file.fd, this.algorithm);
  }

  /** Gives up; afterwards nobody reads the file any more and it may be closed. */
  async abandon(): Promise<void> {
    this.#inline = undefined;
    const tail = this.#tail;
    this.#tail = undefined;
    await tail?.finish(0);
  }
}
