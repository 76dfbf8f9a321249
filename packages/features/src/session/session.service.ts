import { randomBytes } from 'node:crypto';
import { AppError, type UserSession } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, type ListRequest, Page, type RequestOrigin } from '../http/index.ts';
import { equalSecrets, KeyRing, sha256 } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import type { UserRow } from '../user/index.ts';
import { type SessionLimits, sessionAnswer, sessionsEndedEvent } from './own-session.rules.ts';
import { SEEN_EVERY_SECONDS } from './session.rules.ts';
import { type LifeWindow, type LiveSession, SessionStore } from './session.store.ts';

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
      expiresAt: new Date(at.getTime() + (await this.#limits()).absoluteMinutes * 60_000),
    });
    if (formerCookie !== null) await this.end(formerCookie);
    return cookie;
  }

  /** The session behind a cookie; null when it is over or never was. Notes at most once a minute that it was used. */
  async find(cookie: string): Promise<LiveSession | null> {
    const now = this.#clock.now();
    const session = await this.#store.findLive(sha256(cookie), await this.#window(now));
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
    return this.#store.purge(await this.#window(now));
  }

  /** The sessions of a user that live. */
  async list(userId: number, request: ListRequest, currentId: string | undefined): Promise<Page<UserSession>> {
    const limits = await this.#limits();
    const { rows, total } = await this.#store.list(userId, await this.#window(this.#clock.now()), request);
    return new Page(
      rows.map((row) => sessionAnswer(row, currentId, limits)),
      total,
    );
  }

  /** Ends one session of a user with the answer. Throws NOT_FOUND. */
  async endOne(caller: Caller, userId: number, id: string): Promise<void> {
    const event = sessionsEndedEvent(caller, userId, 'a session');
    if (!(await this.#store.deleteOne(userId, id, event))) {
      throw new AppError('NOT_FOUND', 'There is no such session, or it is over already.');
    }
  }

  /** Ends all sessions of a user but one. */
  endAll(caller: Caller, userId: number, exceptId: string | undefined): Promise<void> {
    const what = exceptId === undefined ? 'all sessions' : 'all other sessions';
    return this.#store.deleteAll(userId, exceptId, sessionsEndedEvent(caller, userId, what));
  }

  async #limits(): Promise<SessionLimits> {
    const settings = await this.#settings.get();
    return { idleMinutes: settings.session_timeout, absoluteMinutes: settings.session_absolute_timeout };
  }

  async #window(now: Date): Promise<LifeWindow> {
    const { idleMinutes, absoluteMinutes } = await this.#limits();
    return {
      now,
      seenAfter: new Date(now.getTime() - idleMinutes * 60_000),
      begunAfter: new Date(now.getTime() - absoluteMinutes * 60_000),
    };
  }
}
