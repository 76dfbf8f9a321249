import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, callerId } from '../http/index.ts';
import { SettingsService } from '../settings/index.ts';
import { type Allowance, takeOne } from './request-limit.rules.ts';

const MAX_CALLERS = 20_000;

/**
 * Limits how many tokens one caller is issued in a minute, so that one pipeline gone wild does not take the service from
 * the others. Counted in each process: it guards processor time, not secrets, and must cost nothing itself.
 */
@Injectable()
export class RequestLimiter {
  readonly #settings: SettingsService;
  readonly #clock: Clock;
  readonly #callers = new Map<string, Allowance>();

  constructor(settings: SettingsService, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Counts a request of a caller; of nobody in particular by address. Throws TOO_MANY_REQUESTS above the limit. */
  async take(caller: Caller): Promise<void> {
    const { token_requests_per_minute: perMinute } = await this.#settings.get();
    if (perMinute === -1) return;
    const key = caller.principal.kind === 'anonymous' ? `address ${caller.address}` : callerId(caller.principal);
    const taken = takeOne(this.#callers.get(key), perMinute, this.#clock.now().getTime());
    if ('waitSeconds' in taken) {
      throw new AppError(
        'TOO_MANY_REQUESTS',
        `More than ${perMinute} token requests a minute; try again in ${taken.waitSeconds} seconds, and keep tokens until they expire.`,
        { retryAfterSeconds: taken.waitSeconds },
      );
    }
    // Those not seen for longest stand first; who is forgotten begins with a full minute.
    this.#callers.delete(key);
    if (this.#callers.size >= MAX_CALLERS) {
      const oldest = this.#callers.keys().next();
      if (!oldest.done) this.#callers.delete(oldest.value);
    }
    this.#callers.set(key, taken.allowance);
  }
}
