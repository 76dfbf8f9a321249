import { BufferPool } from './buffer-pool.ts';

/** Large enough to make system calls rare, small enough that a slow client is seen to make progress. */
const ordinary = new BufferPool(256 * 1024, 64);
/** For fast clients; at most sixteen at a time have them. */
const large = new BufferPool(1024 * 1024, 16, 32);

/** A client that takes this much in that time gets larger buffers: half the processor time per byte. */
const FAST_BYTES = 8 * 1024 * 1024;
const FAST_MS = 200;

/** The two buffers of one download: one is being filled while the other is on its way. */
export class TransferBuffers {
  #pool = ordinary;
  #pair = ordinary.acquirePair() as readonly [Buffer, Buffer];
  #turn: 0 | 1 = 0;
  #sent = 0;
  readonly #now: () => number;
  readonly #startedAt: number;

  /** `now` in milliseconds from any start. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** The buffer to fill now. Its content of two turns ago must have been sent. */
  next(): Buffer {
    const buffer = this.#pair[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    return buffer;
  }

  /** Counts bytes; true once, when the client has proved fast and {@link enlarge} is worth it. */
  provesFast(bytes: number): boolean {
    const before = this.#sent;
    this.#sent += bytes;
    return before < FAST_BYTES && this.#sent >= FAST_BYTES && this.#now() - this.#startedAt < FAST_MS;
  }

  /** Changes to larger buffers if there are any left. Nothing may be on its way. */
  enlarge(): void {
    const pair = large.acquirePair();
    if (!pair) return;
    this.release();
    [this.#pool, this.#pair] = [large, pair];
  }

  release(): void {
    this.#pool.releasePair(this.#pair);
  }
}
