/**
 * Reusable transfer buffers of one size. Keeps at most `capacity` idle ones; a busier moment allocates more and lets
 * them go afterwards, so memory follows the load.
 */
export class BufferPool {
  readonly #size: number;
  readonly #capacity: number;
  readonly #idle: Buffer[] = [];

  constructor(size: number, capacity: number) {
    this.#size = size;
    this.#capacity = capacity;
  }

  acquire(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }

  /** Gives a buffer back. Nothing may read or write it afterwards. */
  release(buffer: Buffer): void {
    if (this.#idle.length < this.#capacity) this.#idle.push(buffer);
  }
}
