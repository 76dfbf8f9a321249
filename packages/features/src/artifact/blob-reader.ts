import type { Digest } from '@moorage/distribution';

/** How this room reads small blobs such as configs: bound to the engine's blob store where the process is composed. */
export abstract class BlobReader {
  /** The whole blob; null when it is not stored or larger than `maxBytes`. Says nothing about rights. */
  abstract read(digest: Digest, maxBytes: number): Promise<Buffer | null>;
}
