import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { ANONYMOUS, type Caller, ExternalAddress, type RequestOrigin } from '../http/index.ts';
import { clearedCookie, CSRF_HEADER, readSessionCookie, SessionService } from '../session/index.ts';
import { factorDemand } from '../second-factor/index.ts';
import { SettingsService } from '../settings/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { CHANGE_MS, USE_MS } from './confirmation.rules.ts';
import { parseAuthorization } from './credentials.rules.ts';
import { type Identity, IdentityService } from './identity.service.ts';
import { PasswordLoginService } from './password-login.service.ts';

/** Unknown cookies from one place. Random values of 256 bits cannot be guessed; this only keeps the trying cheap. */
const UNKNOWN_COOKIE_LIMIT = { attempts: 600, windowSeconds: 15 * 60 };

/** Turns the credentials of an API request into a caller: Basic, Bearer, session cookie, or nobody. */
@Injectable()
export class LoginService {
  readonly #passwords: PasswordLoginService;
  readonly #sessions: SessionService;
  readonly #identities: IdentityService;
  readonly #throttle: ThrottleService;
  readonly #settings: SettingsService;
  readonly #address: ExternalAddress;

  constructor(
    passwords: PasswordLoginService,
    sessions: SessionService,
    identities: IdentityService,
    throttle: ThrottleService,
    settings: SettingsService,
    address: ExternalAddress,
  ) {
    this.#passwords = passwords;
    this.#sessions = sessions;
    this.#identities = identities;
    this.#throttle = throttle;
    this.#settings = settings;
    this.#address = address;
  }

  /**
   * The caller of a request. Throws UNAUTHORIZED for credentials that are wrong or of a kind not taken here, registry
   * tokens among them (S19); TOO_MANY_REQUESTS; CSRF_TOKEN_INVALID for an unsafe session call without the session's token.
   * Session calls get that token in the answer's X-Harbor-CSRF-Token (API-1).
   */
  async resolve(request: IncomingMessage, response: ServerResponse, origin: RequestOrigin): Promise<Caller> {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const caller = await this.resolveHeader(header, origin);
      return isUnsafe(request.method) ? this.forChange(caller) : caller;
    }
    const cookie = readSessionCookie(request.headers.cookie, this.#address.isHttpsFor(request));
    if (cookie === null) return { ...origin, principal: ANONYMOUS, credential: 'none' };
    return this.#resolveSession(cookie, request, response, origin);
  }

  /**
   * The caller as his identity source sees him now; null when it has nothing new to say. For decisions about to go against
   * him: somebody who was let into a group a moment ago need not wait.
   */
  async confirmed(caller: Caller): Promise<Caller | null> {
    const present = await this.#asSourceSees(caller);
    return present === 'as before' ? null : present;
  }

  /**
   * The caller of a change, as his identity source sees him now: who was taken out of a group there changes nothing here
   * with it any more. The source is asked at most once a minute. Throws UNAUTHORIZED for whom it no longer knows.
   */
  async forChange(caller: Caller): Promise<Caller> {
    const present = await this.#asSourceSees(caller);
    if (present === 'as before') return caller;
    if (present) return present;
    throw new AppError('UNAUTHORIZED', 'The account may not sign in any more; ask whoever manages it.');
  }

  /** Null when he may not act any more. Throws UNAUTHORIZED for whom his source has not vouched for too long. */
  async #asSourceSees(caller: Caller): Promise<Caller | 'as before' | null> {
    const { principal } = caller;
    if (principal.kind !== 'user' || !(await this.#identities.confirm(principal.id, CHANGE_MS))) return 'as before';
    const identity = await this.#identities.find(caller.subject?.kind ?? 'user', caller.subject?.id ?? principal.id);
    if (identity && caller.credential !== 'session') this.#identities.requireVouched(identity);
    return identity && { ...caller, principal: identity.principal, credentialVersion: identity.credentialVersion };
  }

  /** The caller of an Authorization header. Throws UNAUTHORIZED, TOO_MANY_REQUESTS. */
  async resolveHeader(header: string, origin: RequestOrigin): Promise<Caller> {
    const authorization = parseAuthorization(header);
    switch (authorization.scheme) {
      case 'basic':
        return this.#passwords.signIn(authorization.credentials, origin);
      case 'bearer':
        return this.#passwords.signInByToken(authorization.token, origin);
      case 'unknown':
        throw new AppError('UNAUTHORIZED', 'Send a name and a secret with Basic, or a personal access token.');
    }
  }

  async #mustEnrol({ factors }: Identity): Promise<boolean> {
    return (
      factors !== undefined && factorDemand(factors, (await this.#settings.get()).second_factor_required) === 'enrol'
    );
  }

  async #resolveSession(
    cookie: string,
    request: IncomingMessage,
    response: ServerResponse,
    origin: RequestOrigin,
  ): Promise<Caller> {
    const session = await this.#sessions.find(cookie);
    if (session) await this.#identities.confirm(session.userId, isUnsafe(request.method) ? CHANGE_MS : USE_MS);
    const identity = session && (await this.#identities.find('user', session.userId));
    if (!session || !identity) {
      response.appendHeader('set-cookie', clearedCookie(this.#address.isHttpsFor(request)));
      await this.#throttle.use('unknown-cookie', origin.address, UNKNOWN_COOKIE_LIMIT);
      return { ...origin, principal: ANONYMOUS, credential: 'none' };
    }
    response.setHeader(CSRF_HEADER, this.#sessions.csrfToken(cookie));
    if (isUnsafe(request.method) && !this.#sessions.provesOrigin(cookie, request.headers[CSRF_HEADER])) {
      throw new AppError(
        'CSRF_TOKEN_INVALID',
        'Send the X-Harbor-CSRF-Token header of the last answer with this request; reloading the page does so.',
      );
    }
    return {
      ...origin,
      principal: identity.principal,
      credential: 'session',
      sessionId: session.id,
      credentialVersion: identity.credentialVersion,
      ...(identity.mustChangePassword ? { mustChangePassword: 'before-changes' as const } : {}),
      ...((await this.#mustEnrol(identity)) ? { mustEnrolFactor: true } : {}),
    };
  }
}

function isUnsafe(method: string | undefined): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
