import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { KeyRing } from '../secret/index.ts';
import { ADDRESS_LIMIT, type AttemptLimit, NAME_LIMIT, placeOf, retryAfterSeconds } from './throttle.rules.ts';
import { ThrottleStore } from './throttle.store.ts';

/** An attempt that was let through. */
export interface Attempt {
  /** Tells that the attempt was right: it no longer counts, and neither do earlier ones at this name from this address. */
  succeed(): Promise<void>;
}

/** Limits guessing, across all processes. Attempts are counted before they are tried, so parallel ones count too. */
@Injectable()
export class ThrottleService {
  readonly #store: ThrottleStore;
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(store: ThrottleStore, keys: KeyRing, clock: Clock) {
    this.#store = store;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Counts a guess at a credential. Throws TOO_MANY_REQUESTS once the name or the address has had its share. */
  async guess(kind: string, name: string, address: string): Promise<Attempt> {
    const at = this.#clock.now();
    const place = placeOf(address);
    const nameKey = this.#keys.mac('attempt', 'name', kind, name.toLowerCase(), place);
    // By kind: whoever guesses passwords from a shared address must not stop the robots behind it (S13).
    const addressKey = this.#keys.mac('attempt', 'address', kind, place);
    await this.#reserve(nameKey, NAME_LIMIT, at);
    await this.#reserve(addressKey, ADDRESS_LIMIT, at);
    return {
      succeed: async () => {
        await this.#store.clear(nameKey);
        await this.#store.release(addressKey, at);
      },
    };
  }

  /** Counts one use of something costly from an address. Throws TOO_MANY_REQUESTS above the limit. */
  async use(what: string, address: string, limit: AttemptLimit): Promise<void> {
    await this.#reserve(this.#keys.mac('attempt', 'use', what, placeOf(address)), limit, this.#clock.now());
  }

  /** Removes what no limit looks at any more; returns how many keys. */
  purge(): Promise<number> {
    return this.#store.purge(new Date(this.#clock.now().getTime() - 24 * 3600 * 1000));
  }

  async #reserve(key: Buffer, limit: AttemptLimit, at: Date): Promise<void> {
    const since = new Date(at.getTime() - limit.windowSeconds * 1000);
    const oldest = await this.#store.reserve(key, at, since, limit.attempts);
    if (oldest === null) return;
    const seconds = retryAfterSeconds(oldest, limit, at);
    throw new AppError('TOO_MANY_REQUESTS', `Too many attempts; try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }
}
