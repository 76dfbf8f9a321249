import {
  ACCESS_TOKEN_TYPE,
  AppError,
  type BodyOf,
  type getToken,
  type IssuedToken,
  type postToken,
  type QueryOf,
  TOKEN_EXCHANGE_GRANT,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { ANONYMOUS, type Caller, originOf, type RequestOrigin } from '../http/index.ts';
import { isJwt, LoginService, PasswordLoginService, refuseResetPassword } from '../login/index.ts';
import { SettingsService } from '../settings/index.ts';
import { RefreshTokenService } from './refresh-token.service.ts';
import { RequestLimiter } from './request-limiter.ts';
import { SERVICES, type Subject } from './token-claims.rules.ts';
import { type SignedToken, TokenIssuer } from './token-issuer.ts';
import { type AskedScope, asksForChange, grantsAll, parseScopes } from './token-scope.rules.ts';

type Service = (typeof SERVICES)[number];

/** The token service of registry clients: GET with Basic or without credentials, and the OAuth 2 form (K1 to K14). */
@Injectable()
export class TokenService {
  readonly #issuer: TokenIssuer;
  readonly #refreshTokens: RefreshTokenService;
  readonly #passwords: PasswordLoginService;
  readonly #login: LoginService;
  readonly #limiter: RequestLimiter;
  readonly #settings: SettingsService;

  constructor(
    issuer: TokenIssuer,
    refreshTokens: RefreshTokenService,
    passwords: PasswordLoginService,
    login: LoginService,
    limiter: RequestLimiter,
    settings: SettingsService,
  ) {
    this.#issuer = issuer;
    this.#refreshTokens = refreshTokens;
    this.#passwords = passwords;
    this.#login = login;
    this.#limiter = limiter;
    this.#settings = settings;
  }

  /**
   * Throws BAD_REQUEST for another service and for too many scopes; UNAUTHORIZED for nobody who asks for nothing, so that
   * a login without credentials fails (TOK-1). A session is no credential here (S23).
   */
  async issue(given: Caller, query: QueryOf<typeof getToken>): Promise<IssuedToken> {
    const service = requireService(query.service);
    const asked = parseScopes(query.scope ?? []);
    const caller: Caller =
      given.credential === 'session' ? { ...originOf(given), principal: ANONYMOUS, credential: 'none' } : given;
    if (caller.principal.kind === 'anonymous') await this.#requireAnonymousAccess(asked);
    const signed = await this.#sign(caller, service, asked);
    const refreshToken =
      query.offline_token === 'true' ? await this.#refreshTokens.issue(caller, service, query.client_id ?? '') : null;
    return answer(signed, refreshToken);
  }

  /** Throws as {@link TokenService.issue}; UNAUTHORIZED also for a wrong password or refresh token. */
  async issueForForm(form: BodyOf<typeof postToken>, origin: RequestOrigin): Promise<IssuedToken> {
    if (form.grant_type === TOKEN_EXCHANGE_GRANT) return this.#exchange(form, origin);
    const service = requireService(form.service);
    const asked = parseScopes(form.scope ?? []);
    const wantsRefreshToken = form.access_type === 'offline';
    const { caller, replacement } =
      form.grant_type === 'password'
        ? { caller: await this.#byPassword(form, origin), replacement: undefined }
        : await this.#byRefreshToken(form, service, wantsRefreshToken, origin);
    const signed = await this.#sign(caller, service, asked);
    const refreshToken =
      replacement ??
      (wantsRefreshToken ? await this.#refreshTokens.issue(caller, service, form.client_id ?? '') : null);
    return { ...answer(signed, refreshToken), scope: grantedScope(signed) };
  }

  /** Token exchange (RFC 8693): the token of a job for a registry token of at most 15 minutes. */
  async #exchange(form: BodyOf<typeof postToken>, origin: RequestOrigin): Promise<IssuedToken> {
    const { subject_token: token } = form;
    if (token === undefined || form.subject_token_type === undefined) {
      throw new AppError('BAD_REQUEST', 'subject_token and subject_token_type: are needed with token exchange.');
    }
    if (!isJwt(token)) throw new AppError('BAD_REQUEST', 'subject_token: must be a signed token (JSON Web Token).');
    const service = requireService(form.service ?? form.audience ?? SERVICES[0]);
    const asked = parseScopes(form.scope ?? []);
    const caller = await this.#passwords.signInByToken(token, origin);
    const signed = await this.#sign(caller, service, asked);
    return {
      ...answer(signed, null),
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: 'Bearer',
      scope: grantedScope(signed),
    };
  }

  async #sign(given: Caller, service: Service, asked: readonly AskedScope[]): Promise<SignedToken> {
    refuseResetPassword(given);
    await this.#limiter.take(given);
    const caller = asksForChange(asked) ? await this.#login.forChange(given) : given;
    const signed = await this.#issuer.issue(caller.principal, subjectOf(caller), service, asked);
    if (grantsAll(asked, signed.access)) return signed;
    // Who was let into a group a moment ago need not wait.
    const confirmed = await this.#login.confirmed(caller);
    return confirmed ? this.#issuer.issue(confirmed.principal, subjectOf(confirmed), service, asked) : signed;
  }

  #byPassword(form: BodyOf<typeof postToken>, origin: RequestOrigin): Promise<Caller> {
    const { username: name, password: secret } = form;
    if (name === undefined || secret === undefined) {
      throw new AppError('BAD_REQUEST', 'username and password: are needed with grant_type password.');
    }
    return this.#passwords.signIn({ name, secret }, origin);
  }

  async #byRefreshToken(
    form: BodyOf<typeof postToken>,
    service: Service,
    wantsReplacement: boolean,
    origin: RequestOrigin,
  ): Promise<{ caller: Caller; replacement: string | undefined }> {
    if (form.refresh_token === undefined) {
      throw new AppError('BAD_REQUEST', 'refresh_token: is needed with grant_type refresh_token.');
    }
    const refreshed = await this.#refreshTokens.use(form.refresh_token, service, wantsReplacement, origin);
    if (!refreshed) throw new AppError('UNAUTHORIZED', 'The refresh token is not valid any more; log in again.');
    const { principal, credentialVersion } = refreshed.identity;
    return {
      caller: { principal, credentialVersion, credential: 'refresh-token', ...originOf(origin) },
      replacement: refreshed.replacement,
    };
  }

  async #requireAnonymousAccess(asked: readonly AskedScope[]): Promise<void> {
    const { anonymous_access: isOpen } = await this.#settings.get();
    if (!isOpen || asked.length === 0) {
      throw new AppError('UNAUTHORIZED', 'Send a user name and password or a robot secret with Basic authentication.');
    }
  }
}

function requireService(service: string | undefined): Service {
  const known = SERVICES.find((candidate) => candidate === service);
  if (!known) throw new AppError('BAD_REQUEST', `service: must be ${SERVICES.join(' or ')}.`);
  return known;
}

function subjectOf(caller: Caller): Subject {
  const { principal, credentialVersion } = caller;
  if (principal.kind === 'anonymous') return principal;
  if (credentialVersion === undefined) throw new Error('a caller without a credential version gets no token');
  return { ...(caller.subject ?? { kind: principal.kind, id: principal.id }), version: credentialVersion };
}

function answer(signed: SignedToken, refreshToken: string | null): IssuedToken {
  return {
    token: signed.text,
    access_token: signed.text,
    expires_in: signed.lifeSeconds,
    issued_at: signed.issuedAt.toISOString(),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
  };
}

function grantedScope(signed: SignedToken): string {
  return signed.access
    .filter((entry) => entry.actions.length > 0)
    .map((entry) => `${entry.type}:${entry.name}:${entry.actions.join(',')}`)
    .join(' ');
}
