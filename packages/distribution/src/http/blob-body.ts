import type { ServerResponse } from 'node:http';
import type { BlobContent } from '../operations/blobs.ts';
import type { BlobHandle } from '../ports/index.ts';
import type { StreamedBody } from './answer.ts';
import { ProgressGuard, type ProgressLimits } from './progress-guard.ts';
import type { ByteRange } from './range.ts';
import { TransferBuffers } from './transfer-buffers.ts';

/** A piece of a body: bytes of the blob, or text between them. */
export type BlobSegment = ByteRange | Buffer;

/**
 * Sends intervals of an open blob. Reads into two reused buffers, one being filled while the other is on its way to the
 * socket; a stream pipe would allocate and copy for every chunk. Owns the handle and closes it.
 */
export class BlobBody implements StreamedBody {
  readonly length: number;
  readonly #handle: BlobHandle;
  readonly #segments: readonly BlobSegment[];
  readonly #progress: ProgressLimits;

  constructor(handle: BlobHandle, segments: readonly BlobSegment[], progress: ProgressLimits) {
    this.#handle = handle;
    this.#segments = segments;
    this.#progress = progress;
    this.length = segments.reduce((total, segment) => total + segmentLength(segment), 0);
  }

  async send(response: ServerResponse): Promise<void> {
    const sink = new ResponseSink(response, this.#progress);
    const buffers = new TransferBuffers();
    try {
      for (const segment of this.#segments) {
        if (Buffer.isBuffer(segment)) await sink.write(segment);
        else await this.#copy(segment, sink, buffers);
        if (sink.gone) return;
      }
      await sink.settled();
      response.end();
    } finally {
      sink.close();
      buffers.release();
      await this.#handle.close();
    }
  }

  async #copy(range: ByteRange, sink: ResponseSink, buffers: TransferBuffers): Promise<void> {
    // A buffer may still be on its way from the segment before.
    await sink.settled();
    let position = range.start;
    while (position <= range.end && !sink.gone) {
      const buffer = buffers.next();
      const room = buffer.subarray(0, Math.min(buffer.length, range.end + 1 - position));
      const count = await this.#handle.read(room, position);
      if (count === 0) throw new Error('a blob ended before its size');
      await sink.write(room.subarray(0, count));
      position += count;
      if (!buffers.provesFast(count)) continue;
      await sink.settled();
      buffers.enlarge();
    }
    if (!sink.gone) await sink.settled();
  }
}

/** Joins segments of a blob that is in memory. */
export function collectSegments(bytes: Buffer, segments: readonly BlobSegment[]): Buffer {
  const [only] = segments;
  if (segments.length === 1 && only && !Buffer.isBuffer(only)) return bytes.subarray(only.start, only.end + 1);
  return Buffer.concat(
    segments.map((segment) => (Buffer.isBuffer(segment) ? segment : bytes.subarray(segment.start, segment.end + 1))),
  );
}

/** Tells whether content is an open handle rather than bytes in memory. */
export function isOpen(content: BlobContent): content is { readonly handle: BlobHandle } {
  return 'handle' in content;
}

function segmentLength(segment: BlobSegment): number {
  return Buffer.isBuffer(segment) ? segment.length : segment.end - segment.start + 1;
}

/** Writes with one chunk in flight: `write` waits for the chunk before, so that its buffer may be reused. */
class ResponseSink {
  gone = false;
  readonly #response: ServerResponse;
  readonly #guard: ProgressGuard;
  #inFlight = false;
  #wake: (() => void) | undefined;
  readonly #leave = () => {
    this.gone = true;
    this.#landed();
  };

  constructor(response: ServerResponse, progress: ProgressLimits) {
    this.#response = response;
    this.#guard = new ProgressGuard(progress, () => response.destroy());
    if (response.destroyed) this.gone = true;
    response.once('close', this.#leave);
  }

  async write(chunk: Buffer): Promise<void> {
    await this.settled();
    if (this.gone) return;
    this.#inFlight = true;
    this.#response.write(chunk, (error) => {
      if (error) this.gone = true;
      else this.#guard.advance(chunk.length);
      this.#landed();
    });
  }

  /** Resolves when nothing is in flight. */
  async settled(): Promise<void> {
    if (!this.#inFlight || this.gone) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    this.#guard.stop();
    this.#response.off('close', this.#leave);
  }

  #landed(): void {
    this.#inFlight = false;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
