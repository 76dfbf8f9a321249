import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, ExternalAddress, originOf, type RequestOrigin } from '../http/index.ts';
import { loginFailed, userIdentity } from '../login/index.ts';
import { clearedCookie, CSRF_HEADER, readSessionCookie, sessionCookie, SessionService } from '../session/index.ts';
import { UserService } from '../user/index.ts';
import { sessionEvent, sourceLoginFailed } from './portal-login.events.ts';
import { PortalLoginStore } from './portal-login.store.ts';

/** Signing in and out with a browser. */
@Injectable()
export class SessionLoginService {
  readonly #sessions: SessionService;
  readonly #users: UserService;
  readonly #store: PortalLoginStore;
  readonly #address: ExternalAddress;
  readonly #clock: Clock;

  constructor(
    sessions: SessionService,
    users: UserService,
    store: PortalLoginStore,
    address: ExternalAddress,
    clock: Clock,
  ) {
    this.#sessions = sessions;
    this.#users = users;
    this.#store = store;
    this.#address = address;
    this.#clock = clock;
  }

  /** Begins the session of a user who has proven himself, and tells of it. Throws FORBIDDEN for everyone else. */
  async open(caller: Caller, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { principal, credentialVersion } = caller;
    if (principal.kind !== 'user' || credentialVersion === undefined) {
      throw new AppError('FORBIDDEN', 'Only users have access to the portal.');
    }
    await this.begin({ id: principal.id, credentialVersion }, request, response, caller);
    await this.#users.noteLogin(principal.id, this.#clock.now());
    await this.#store.record(sessionEvent('login.succeeded', caller, principal.username));
  }

  /** Tells that somebody with the right password failed at the second factor. */
  async refused(username: string, origin: RequestOrigin): Promise<void> {
    await this.#store.record(loginFailed(username, 'second-factor', origin));
  }

  /**
   * Begins a session for somebody an identity source has proven. Returns the session's id; null when the account may not
   * act, and nothing begins.
   */
  async signInProven(
    userId: number,
    request: IncomingMessage,
    response: ServerResponse,
    origin: RequestOrigin,
  ): Promise<string | null> {
    const user = (await this.#users.findActive([userId])).get(userId);
    if (!user) return null;
    const cookie = await this.begin(user, request, response, origin);
    await this.#users.noteLogin(user.id, this.#clock.now());
    const caller = {
      principal: userIdentity(user).principal,
      credential: 'identity-source',
      ...originOf(origin),
    } as const;
    await this.#store.record(sessionEvent('login.succeeded', caller, user.username));
    return (await this.#sessions.find(cookie))?.id ?? null;
  }

  /** Gives the browser a new session in place of the one it has. Returns the cookie's value. */
  async begin(
    user: { readonly id: number; readonly credentialVersion: number },
    request: IncomingMessage,
    response: ServerResponse,
    origin: RequestOrigin,
  ): Promise<string> {
    const cookie = await this.#sessions.begin(user, origin, this.#cookieOf(request));
    response.appendHeader('set-cookie', sessionCookie(cookie, this.#address.isHttpsFor(request)));
    response.setHeader(CSRF_HEADER, this.#sessions.csrfToken(cookie));
    return cookie;
  }

  /** Notes a sign-in at an identity source that failed, with the reason for administrators. */
  noteFailure(source: string, reason: string, origin: RequestOrigin): Promise<void> {
    return this.#store.record(sourceLoginFailed(source, reason, origin));
  }

  /**
   * Ends the session and clears what the browser keeps. Sign-out is a GET in Harbor, so its origin is proven here: by the
   * CSRF token, or by the browser's own word that the page is ours. Throws CSRF_TOKEN_INVALID.
   */
  async signOut(caller: Caller, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cookie = this.#cookieOf(request);
    if (cookie !== null && caller.credential === 'session' && caller.principal.kind === 'user') {
      const fromOurPage = request.headers['sec-fetch-site'] === 'same-origin';
      if (!fromOurPage && !this.#sessions.provesOrigin(cookie, request.headers[CSRF_HEADER])) {
        throw new AppError('CSRF_TOKEN_INVALID', 'Sign out from the portal, or send the X-Harbor-CSRF-Token header.');
      }
      await this.#sessions.end(cookie);
      await this.#store.record(sessionEvent('login.ended', caller, caller.principal.username));
    }
    response.appendHeader('set-cookie', clearedCookie(this.#address.isHttpsFor(request)));
    response.setHeader('clear-site-data', '"cookies", "storage"');
  }

  #cookieOf(request: IncomingMessage): string | null {
    return readSessionCookie(request.headers.cookie, this.#address.isHttpsFor(request));
  }
}
