import { setTimeout as sleep } from 'node:timers/promises';
import { freeAfter } from './pace.rules.ts';

/** Shorter waits than this are left to the next. */
const SHORTEST_MS = 10;

/** Keeps work on the storage at a pace, which is asked for again and again: whoever is faster waits. */
export class Pace {
  readonly #perSecond: () => Promise<number>;
  readonly #signal: AbortSignal;
  #freeAt = performance.now();

  /** `perSecond`: 0 is as fast as can be. */
  constructor(perSecond: () => Promise<number>, signal: AbortSignal) {
    this.#perSecond = perSecond;
    this.#signal = signal;
  }

  /** Resolves when the next may be taken; throws why the work is to end when it is. */
  async spend(amount: number): Promise<void> {
    this.#signal.throwIfAborted();
    const perSecond = await this.#perSecond();
    this.#freeAt = freeAfter(this.#freeAt, performance.now(), amount, perSecond);
    const wait = this.#freeAt - performance.now();
    if (wait < SHORTEST_MS) return;
    await sleep(wait, undefined, { signal: this.#signal }).catch(() => this.#signal.throwIfAborted());
  }
}
