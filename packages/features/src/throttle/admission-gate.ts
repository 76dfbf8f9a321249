import { setTimeout } from 'node:timers/promises';
import { AppError } from '@moorage/contracts';

const MAX_HELD = 2_000;
/** Of different length, so that those who came together do not come again together. */
const HOLD_MS = { least: 2_000, spread: 3_000 };
/** Refusals a second that nobody has to wait for. */
const QUICK_REFUSALS = 200;

/**
 * Lets so many pieces of work in at once that each still gets its share, and refuses the rest with UNAVAILABLE before it
 * costs anything. Refused callers have to wait for their answer: whoever tries again at once, on every connection he has,
 * would keep the process busy with refusals alone (S13).
 */
export class AdmissionGate {
  readonly #limit: number;
  #inside = 0;
  #held = 0;
  #refused = { second: 0, count: 0 };

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits when it is full, but not for long. Throws UNAVAILABLE when it still is then. */
  async requireRoom(): Promise<void> {
    if (this.#isFull()) await this.#hold();
    if (this.#isFull()) throw full();
  }

  /** Does the work when there is room for it. Throws as {@link AdmissionGate.requireRoom}. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isFull()) await this.#hold();
    // Nothing may come between this look and the count.
    if (this.#isFull()) throw full();
    this.#inside++;
    try {
      return await work();
    } finally {
      this.#inside--;
    }
  }

  /** Makes whoever is refused for another reason wait too, once many are. */
  async slowRefusal(): Promise<void> {
    const second = Math.floor(performance.now() / 1000);
    this.#refused = { second, count: this.#refused.second === second ? this.#refused.count + 1 : 1 };
    if (this.#refused.count > QUICK_REFUSALS && this.#held < MAX_HELD) await this.#hold();
  }

  #isFull(): boolean {
    return this.#inside >= this.#limit;
  }

  /** Those beyond what can be held are refused at once. */
  async #hold(): Promise<void> {
    if (this.#held >= MAX_HELD) throw full();
    this.#held++;
    try {
      await setTimeout(HOLD_MS.least + Math.random() * HOLD_MS.spread, undefined, { ref: false });
    } finally {
      this.#held--;
    }
  }
}

function full(): AppError {
  return new AppError('UNAVAILABLE', 'Too many sign-ins at once; try again in a few seconds.', {
    retryAfterSeconds: 2,
  });
}
