import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, ExternalAddress, type RequestOrigin } from '../http/index.ts';
import { clearedCookie, CSRF_HEADER, readSessionCookie, sessionCookie, SessionService } from '../session/index.ts';
import { UserService } from '../user/index.ts';
import { sessionEvent } from './login.events.ts';
import { LoginStore } from './login.store.ts';
import { PasswordLoginService } from './password-login.service.ts';

/** Signing in and out with a browser. */
@Injectable()
export class SessionLoginService {
  readonly #passwords: PasswordLoginService;
  readonly #sessions: SessionService;
  readonly #users: UserService;
  readonly #store: LoginStore;
  readonly #address: ExternalAddress;
  readonly #clock: Clock;

  constructor(
    passwords: PasswordLoginService,
    sessions: SessionService,
    users: UserService,
    store: LoginStore,
    address: ExternalAddress,
    clock: Clock,
  ) {
    this.#passwords = passwords;
    this.#sessions = sessions;
    this.#users = users;
    this.#store = store;
    this.#address = address;
    this.#clock = clock;
  }

  /** Begins a session. Throws UNAUTHORIZED, TOO_MANY_REQUESTS; FORBIDDEN for robots, who have no portal (ROB-7). */
  async signIn(
    login: { readonly principal: string; readonly password: string },
    request: IncomingMessage,
    response: ServerResponse,
    origin: RequestOrigin,
  ): Promise<void> {
    const caller = await this.#passwords.signInToPortal({ name: login.principal, secret: login.password }, origin);
    const { principal, credentialVersion } = caller;
    if (principal.kind !== 'user' || credentialVersion === undefined) {
      throw new AppError('FORBIDDEN', 'Only users have access to the portal.');
    }
    await this.begin({ id: principal.id, credentialVersion }, request, response, origin);
    await this.#users.noteLogin(principal.id, this.#clock.now());
    await this.#store.record(sessionEvent('login.succeeded', caller, principal.username));
  }

  /** Gives the browser a new session in place of the one it has. */
  async begin(
    user: { readonly id: number; readonly credentialVersion: number },
    request: IncomingMessage,
    response: ServerResponse,
    origin: RequestOrigin,
  ): Promise<void> {
    const cookie = await this.#sessions.begin(user, origin, this.#cookieOf(request));
    response.appendHeader('set-cookie', sessionCookie(cookie, this.#address.isHttpsFor(request)));
    response.setHeader(CSRF_HEADER, this.#sessions.csrfToken(cookie));
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
