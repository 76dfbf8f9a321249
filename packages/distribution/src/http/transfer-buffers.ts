import { BufferPool } from './buffer-pool.ts';

/** A client that took `afterBytes` within `withinMs` is fast enough for the buffers of this stage. */
interface Stage {
  readonly pool: BufferPool;
  readonly afterBytes: number;
  readonly withinMs: number;
}

const MIB = 1024 * 1024;

/** Large enough to make system calls rare, small enough that a slow client is seen to make progress. */
const ordinary = new BufferPool(MIB / 4, 32);

/** Fewer and larger system calls for fast clients: up to half the processor time per byte. Bounded, as they take memory. */
const STAGES: readonly Stage[] = [
  { pool: new BufferPool(MIB / 2, 32, 64), afterBytes: MIB, withinMs: 50 },
  { pool: new BufferPool(MIB, 8, 16), afterBytes: 16 * MIB, withinMs: 400 },
];

/** The two buffers of one download: one is being filled while the other is on its way. */
export class TransferBuffers {
  #pool = ordinary;
  #pair = ordinary.acquirePair() as readonly [Buffer, Buffer];
  #turn: 0 | 1 = 0;
  #sent = 0;
  #stage = 0;
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

  /** Counts bytes; true at most once per stage, when the client has proved fast and {@link enlarge} is worth it. */
  provesFast(bytes: number): boolean {
    this.#sent += bytes;
    const stage = STAGES[this.#stage];
    if (!stage || this.#sent < stage.afterBytes) return false;
    this.#stage++;
    return this.#now() - this.#startedAt < stage.withinMs;
  }

  /** Changes to the buffers of the stage that was proved, if there are any left. Nothing may be on its way. */
  enlarge(): void {
    const pool = STAGES[this.#stage - 1]?.pool;
    const pair = pool?.acquirePair();
    if (!pool || !pair) return;
    this.release();
    [this.#pool, this.#pair] = [pool, pair];
  }

  release(): void {
    this.#pool.releasePair(this.#pair);
  }
}
