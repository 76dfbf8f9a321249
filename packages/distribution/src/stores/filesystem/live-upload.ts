import type { FileHandle } from 'node:fs/promises';
import type { Digest, DigestAlgorithm } from '../../digest.ts';
import type { ByteSource } from '../../ports/index.ts';
import { BatchWriter } from './batch-writer.ts';
import { RunningHash } from './running-hash.ts';
import type { TailHasher } from './tail-hasher.ts';

/**
 * An upload's open file with the hashes of everything before its end. Lives in the process that received the last
 * chunk; it only saves work, because the file alone is enough to continue anywhere.
 */
export class LiveUpload {
  readonly file: FileHandle;
  /** Bytes of the upload, as far as this process knows. */
  length: number;
  readonly #hashes: readonly RunningHash[];
  #stamp: string | undefined;

  private constructor(file: FileHandle, length: number, hashes: readonly RunningHash[]) {
    this.file = file;
    this.length = length;
    this.#hashes = hashes;
  }

  /** An upload from its first byte: its content is hashed as it arrives. */
  static fresh(file: FileHandle, algorithms: readonly DigestAlgorithm[], tails: TailHasher): LiveUpload {
    return new LiveUpload(
      file,
      0,
      algorithms.map((algorithm) => new RunningHash(algorithm, file, tails)),
    );
  }

  /** An upload whose earlier bytes another process or request received: its content is hashed when it is sealed. */
  static continued(file: FileHandle, length: number): LiveUpload {
    return new LiveUpload(file, length, []);
  }

  /**
   * Writes and hashes a body. Returns why the body broke off, if it did; what had arrived is written then. Throws only
   * what the file threw.
   */
  async receive(source: ByteSource): Promise<{ readonly brokeOff: unknown } | undefined> {
    for (const hash of this.#hashes) hash.expect(source.expectedBytes ?? 0);
    const writer = new BatchWriter(this.file, this.length);
    const chunks = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = await chunks.next().catch((error: unknown) => ({ brokeOff: error }));
        if ('brokeOff' in step || step.done) {
          await writer.flush();
          return 'brokeOff' in step ? step : undefined;
        }
        for (const hash of this.#hashes) hash.update(step.value);
        const full = writer.push(step.value);
        if (full) await full;
        for (const hash of this.#hashes) hash.written(writer.written);
      }
    } catch (error) {
      await chunks.return?.();
      throw error;
    } finally {
      this.length = writer.written;
      for (const hash of this.#hashes) hash.written(writer.written);
    }
  }

  /** The digest of all bytes, or null when they were not hashed with this algorithm. Can be asked once per algorithm. */
  async takeDigest(algorithm: DigestAlgorithm): Promise<Digest | null> {
    const hash = this.#hashes.find((running) => running.algorithm === algorithm);
    return hash ? hash.finish(this.length) : null;
  }

  /** Remembers how the file looks now. */
  async mark(): Promise<void> {
    this.#stamp = await this.#look();
  }

  /** Whether the file is as it was at {@link mark}: no other process has continued the upload since. */
  async isUntouched(): Promise<boolean> {
    return this.#stamp !== undefined && this.#stamp === (await this.#look());
  }

  async close(): Promise<void> {
    for (const hash of this.#hashes) await hash.abandon();
    await this.file.close();
  }

  async #look(): Promise<string> {
    const { ino, nlink, size, mtimeNs } = await this.file.stat({ bigint: true });
    return `${ino} ${nlink} ${size} ${mtimeNs}`;
  }
}
