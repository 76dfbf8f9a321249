import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type Caller, ExternalAddress, type RequestOrigin } from '../http/index.ts';
import { IdentityService, PasswordLoginService } from '../login/index.ts';
import {
  type FactorMethod,
  type FactorProof,
  FactorProofService,
  pendingCookie,
  pendingCookieName,
} from '../second-factor/index.ts';
import { readCookie } from '../session/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { SessionLoginService } from './session-login.service.ts';

/** One browser's request. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: RequestOrigin;
}

/** Tries at the second factor of one user from everywhere: whoever tries has his password already. */
const USER_LIMIT = { attempts: 30, windowSeconds: 15 * 60 };

/** Signing in to the portal with a password, and then with a second factor where the account has one. */
@Injectable()
export class PortalLoginService {
  readonly #passwords: PasswordLoginService;
  readonly #sessions: SessionLoginService;
  readonly #proofs: FactorProofService;
  readonly #identities: IdentityService;
  readonly #throttle: ThrottleService;
  readonly #address: ExternalAddress;

  constructor(
    passwords: PasswordLoginService,
    sessions: SessionLoginService,
    proofs: FactorProofService,
    identities: IdentityService,
    throttle: ThrottleService,
    address: ExternalAddress,
  ) {
    this.#passwords = passwords;
    this.#sessions = sessions;
    this.#proofs = proofs;
    this.#identities = identities;
    this.#throttle = throttle;
    this.#address = address;
  }

  /**
   * Begins a session. Throws UNAUTHORIZED, TOO_MANY_REQUESTS; FORBIDDEN for robots, who have no portal (ROB-7);
   * SECOND_FACTOR_REQUIRED, with a cookie to go on with, when the password is right and not enough.
   */
  async signIn(
    login: { readonly principal: string; readonly password: string },
    { request, response, origin }: Exchange,
  ): Promise<void> {
    const credentials = { name: login.principal, secret: login.password };
    const { caller, demand } = await this.#passwords.signInToPortal(credentials, origin);
    if (demand !== 'verify') return this.#sessions.open(caller, request, response);
    const { principal, credentialVersion } = caller;
    if (principal.kind !== 'user' || credentialVersion === undefined) throw new Error('only users have second factors');
    const token = await this.#proofs.begin({ id: principal.id, credentialVersion });
    response.appendHeader('set-cookie', pendingCookie(token, this.#address.isHttpsFor(request)));
    throw new AppError('SECOND_FACTOR_REQUIRED', 'The password is right; now prove your second factor.', {
      detail: { methods: await this.#proofs.methods(token) },
    });
  }

  /** Throws UNAUTHORIZED when no sign-in is under way. */
  methods({ request }: Exchange): Promise<FactorMethod[]> {
    return this.#proofs.methods(this.#tokenOf(request));
  }

  /** What the browser is to ask the user's passkeys. Throws UNAUTHORIZED, PRECONDITION. */
  requestPasskey({ request }: Exchange): Promise<Record<string, unknown>> {
    return this.#proofs.requestPasskey(this.#tokenOf(request), this.#urlOf(request));
  }

  /** Begins the session once the second factor is proven. Throws UNAUTHORIZED, TOO_MANY_REQUESTS. */
  async finish(proof: FactorProof, { request, response, origin }: Exchange): Promise<void> {
    const token = this.#tokenOf(request);
    const pending = await this.#proofs.attempt(token);
    const identity = await this.#identities.find('user', pending.userId);
    if (!identity || identity.credentialVersion !== pending.credentialVersion) {
      throw new AppError('UNAUTHORIZED', 'The account changed meanwhile; sign in again.');
    }
    const { principal, credentialVersion } = identity;
    const attempt = await this.#throttle.guess('second-factor', principal.username, origin.address);
    await this.#throttle.use(`second-factor ${principal.id}`, '', USER_LIMIT);
    if (!(await this.#proofs.check(pending, proof, this.#urlOf(request)))) {
      await this.#sessions.refused(principal.username, origin);
      throw new AppError('UNAUTHORIZED', 'The second factor is not right, or was used before; try again.');
    }
    await this.#proofs.finish(token);
    await attempt.succeed();
    response.appendHeader('set-cookie', pendingCookie('', this.#address.isHttpsFor(request)));
    const caller: Caller = { ...origin, principal, credential: 'second-factor', credentialVersion };
    await this.#sessions.open(caller, request, response);
  }

  #tokenOf(request: IncomingMessage): string {
    const token = readCookie(request.headers.cookie, pendingCookieName(this.#address.isHttpsFor(request)));
    if (token === null) throw new AppError('UNAUTHORIZED', 'No sign-in is under way; begin with your password.');
    return token;
  }

  #urlOf(request: IncomingMessage): string {
    return this.#address.urlFor(request.headers.host, this.#address.isHttpsFor(request));
  }
}
