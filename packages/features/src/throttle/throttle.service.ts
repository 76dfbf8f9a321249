import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { Principal } from '../http/index.ts';
import { KeyRing } from '../secret/index.ts';
import { ADDRESS_LIMIT, type AttemptLimit, NAME_LIMIT, placeOf, retryAfterSeconds } from './throttle.rules.ts';
import { ThrottleStore } from './throttle.store.ts';

/** An attempt that was let through. */
export interface Attempt {
  /** Takes it back: it could not be tried, so it tells nothing about who tried. */
  withdraw(): Promise<void>;
  /** Tells that the attempt was right: it no longer counts, and neither do earlier ones at this name from this address. */
  succeed(): Promise<void>;
}

/** So long a process refuses by itself what the database has refused, so that refusals cost nothing (S13). */
const REMEMBERED_MS = 1_000;
const MAX_REMEMBERED = 10_000;

/** Limits guessing, across all processes. Attempts are counted before they are tried, so parallel ones count too. */
@Injectable()
export class ThrottleService {
  readonly #store: ThrottleStore;
  readonly #keys: KeyRing;
  readonly #clock: Clock;
  /** When the database refused which key, in milliseconds since 1970, and the oldest attempt that counted then. */
  readonly #refused = new Map<string, { readonly at: number; readonly oldest: Date }>();

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
      withdraw: async () => {
        this.#forget(nameKey, addressKey);
        await this.#store.release(nameKey, at);
        await this.#store.release(addressKey, at);
      },
      succeed: async () => {
        this.#forget(nameKey, addressKey);
        await this.#store.clear(nameKey);
        await this.#store.release(addressKey, at);
      },
    };
  }

  /** Counts one use of something costly from an address. Throws TOO_MANY_REQUESTS above the limit. */
  async use(what: string, address: string, limit: AttemptLimit): Promise<void> {
    await this.#reserve(this.#keys.mac('attempt', 'use', what, placeOf(address)), limit, this.#clock.now());
  }

  /** Counts one use of something costly by somebody known, wherever he comes from. Throws TOO_MANY_REQUESTS above the limit. */
  async useBy(what: string, principal: Principal, limit: AttemptLimit): Promise<void> {
    const who = principal.kind === 'anonymous' ? '' : `${principal.kind}:${principal.id}`;
    await this.#reserve(this.#keys.mac('attempt', 'use-by', what, who), limit, this.#clock.now());
  }

  /** Removes what no limit looks at any more; returns how many keys. */
  purge(): Promise<number> {
    return this.#store.purge(new Date(this.#clock.now().getTime() - 24 * 3600 * 1000));
  }

  async #reserve(key: Buffer, limit: AttemptLimit, at: Date): Promise<void> {
    const since = new Date(at.getTime() - limit.windowSeconds * 1000);
    const oldest = this.#remembered(key, at) ?? (await this.#store.reserve(key, at, since, limit.attempts));
    if (oldest === null) return;
    this.#remember(key, at, oldest);
    const seconds = retryAfterSeconds(oldest, limit, at);
    throw new AppError('TOO_MANY_REQUESTS', `Too many attempts; try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }

  #remembered(key: Buffer, at: Date): Date | null {
    const refused = this.#refused.get(key.toString('base64'));
    const age = refused ? at.getTime() - refused.at : -1;
    return refused && age >= 0 && age < REMEMBERED_MS ? refused.oldest : null;
  }

  #remember(key: Buffer, at: Date, oldest: Date): void {
    const text = key.toString('base64');
    // A refusal by memory must not prolong itself.
    if (this.#remembered(key, at)) return;
    if (this.#refused.size >= MAX_REMEMBERED) this.#refused.clear();
    this.#refused.set(text, { at: at.getTime(), oldest });
  }

  /** An attempt was taken back: there is room again. */
  #forget(...keys: readonly Buffer[]): void {
    for (const key of keys) this.#refused.delete(key.toString('base64'));
  }
}
