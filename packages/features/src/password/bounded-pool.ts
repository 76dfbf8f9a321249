import { AppError } from '@moorage/contracts';

/** Runs at most `running` pieces of work at once, lets `waiting` queue, and refuses the rest with UNAVAILABLE (S13). */
export class BoundedPool {
  readonly #running: number;
  readonly #waiting: number;
  readonly #queue: (() => void)[] = [];
  #active = 0;

  constructor(limits: { readonly running: number; readonly waiting: number }) {
    this.#running = limits.running;
    this.#waiting = limits.waiting;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#running) {
      if (this.#queue.length >= this.#waiting) {
        throw new AppError('UNAVAILABLE', 'Too many sign-ins at once; try again in a few seconds.', {
          retryAfterSeconds: 2,
        });
      }
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else this.#active++;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      // The place passes to the next in line without being free in between.
      if (next) next();
      else this.#active--;
    }
  }
}
