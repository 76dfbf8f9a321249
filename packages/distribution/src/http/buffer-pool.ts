/**
 * Reusable transfer buffers of one size. Keeps at most `capacity` idle ones; a busier moment allocates more, up to
 * `limit`, and lets them go afterwards, so memory follows the load.
 */
export class BufferPool {
  readonly #size: number;
  readonly #capacity: number;
  readonly #limit: number;
  readonly #idle: Buffer[] = [];
  #used = 0;

  constructor(size: number, capacity: number, limit = Number.POSITIVE_INFINITY) {
    this.#size = size;
    this.#capacity = capacity;
    this.#limit = limit;
  }

  /** Two buffers to fill and send in turn; null when the limit is reached. */
  acquirePair(): readonly [Buffer, Buffer] | null {
    if (this.#used + 2 > this.#limit) return null;
    this.#used += 2;
    return [this.#take(), this.#take()];
  }

  /** Gives both back. Nothing may read or write them afterwards. */
  releasePair(buffers: readonly [Buffer, Buffer]): void {
    this.#used -= 2;
    for (const buffer of buffers) if (this.#idle.length < this.#capacity) this.#idle.push(buffer);
  }

  #take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }
}
