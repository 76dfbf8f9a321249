import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { RequestOrigin } from '../http/index.ts';
import { equalSecrets, KeyRing, sha256 } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import type { UserRow } from '../user/index.ts';
import { ABSOLUTE_SECONDS, SEEN_EVERY_SECONDS } from './session.rules.ts';
import { type LiveSession, SessionStore } from './session.store.ts';

const COOKIE_BYTES = 32;
const MAX_USER_AGENT = 512;

/** Browser sessions. The cookie is 256 random bits; only its hash is stored. */
@Injectable()
export class SessionService {
  readonly #store: SessionStore;
  readonly #settings: SettingsService;
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(store: SessionStore, settings: SettingsService, keys: KeyRing, clock: Clock) {
    this.#store = store;
    this.#settings = settings;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Begins a session with a new id and ends the one the browser held before (S38). Returns the cookie's value. */
  async begin(
    user: Pick<UserRow, 'id' | 'credentialVersion'>,
    origin: RequestOrigin,
    formerCookie: string | null,
  ): Promise<string> {
    const cookie = randomBytes(COOKIE_BYTES).toString('base64url');
    const at = this.#clock.now();
    await this.#store.create({
      tokenHash: sha256(cookie),
      userId: user.id,
      credentialVersion: user.credentialVersion,
      address: origin.address,
      userAgent: origin.userAgent.slice(0, MAX_USER_AGENT),
      at,
      expiresAt: new Date(at.getTime() + ABSOLUTE_SECONDS * 1000),
    });
    if (formerCookie !== null) await this.end(formerCookie);
    return cookie;
  }

  /** The session behind a cookie; null when it is over or never was. Notes at most once a minute that it was used. */
  async find(cookie: string): Promise<LiveSession | null> {
    const now = this.#clock.now();
    const session = await this.#store.findLive(sha256(cookie), now, await this.#seenAfter(now));
    if (session && now.getTime() - session.lastSeenAt.getTime() >= SEEN_EVERY_SECONDS * 1000) {
      await this.#store.noteSeen(session.id, now);
    }
    return session;
  }

  async end(cookie: string): Promise<void> {
    await this.#store.delete(sha256(cookie));
  }

  /** The CSRF token of a session: bound to its cookie, of no use to one who has only the token. */
  csrfToken(cookie: string): string {
    return this.#keys.mac('csrf', cookie).toString('base64url');
  }

  /** Whether a request's CSRF token is the session's. */
  provesOrigin(cookie: string, given: string | string[] | undefined): boolean {
    return typeof given === 'string' && equalSecrets(given, this.csrfToken(cookie));
  }

  /** Removes sessions that are over; returns how many. */
  async purge(): Promise<number> {
    const now = this.#clock.now();
    return this.#store.purge(now, await this.#seenAfter(now));
  }

  async #seenAfter(now: Date): Promise<Date> {
    const { session_timeout: minutes } = await this.#settings.get();
    return new Date(now.getTime() - minutes * 60_000);
  }
}
