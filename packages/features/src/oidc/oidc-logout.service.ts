import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { Clock } from '../clock/index.ts';
import { type Caller, ExternalAddress } from '../http/index.ts';
import { type IdentitySourceOf, IdentitySourceService } from '../identity-source/index.ts';
import { sha256 } from '../secret/index.ts';
import { ProviderService, signInErrorOf } from '../oidc-provider/index.ts';
import { logoutSubject } from './logout-token.rules.ts';
import { SessionEntry } from './session-entry.ts';
import { SourceSessionStore } from './source-session.store.ts';

/** Signature methods with a public key; a secret shared with the provider signs nothing here. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TOLERANCE_SECONDS = 30;
const MAX_AGE_SECONDS = 10 * 60;

/** Ending sessions here and at the provider. */
@Injectable()
export class OidcLogoutService {
  readonly #sources: IdentitySourceService;
  readonly #providers: ProviderService;
  readonly #store: SourceSessionStore;
  readonly #entry: SessionEntry;
  readonly #address: ExternalAddress;
  readonly #clock: Clock;

  constructor(
    sources: IdentitySourceService,
    providers: ProviderService,
    store: SourceSessionStore,
    entry: SessionEntry,
    address: ExternalAddress,
    clock: Clock,
  ) {
    this.#sources = sources;
    this.#providers = providers;
    this.#store = store;
    this.#entry = entry;
    this.#address = address;
    this.#clock = clock;
  }

  /**
   * Where the browser signs out at the provider too (OIDC-6); null when the source does not ask for it, the session began
   * elsewhere, or the provider cannot be asked: signing out here never depends on it.
   */
  async providerLocation(caller: Caller, host: string | undefined): Promise<string | null> {
    const session = caller.sessionId === undefined ? null : await this.#store.find(caller.sessionId);
    const sources = await this.#sources.enabledOf('oidc');
    const source = session && sources.find(({ id }) => id === session.sourceId);
    if (!session || !source?.settings.logout) return null;
    const returnTo = `${this.#address.urlFor(host)}/login`;
    return this.#providers.endSessionUrl(source, this.#entry.idTokenOf(session), returnTo).catch(() => null);
  }

  /** Ends the sessions a provider names (OpenID Connect Back-Channel Logout 1.0, 2.6). Throws BAD_REQUEST. */
  async endByProvider(token: string): Promise<void> {
    const { source, payload } = await this.#verified(token);
    const { jti, exp } = payload;
    const who = logoutSubject(payload);
    if (!who || jti === undefined || exp === undefined) throw refused('it names nobody, or has no jti and exp');
    const hash = sha256(JSON.stringify([source.settings.endpoint, jti]));
    const ended = await this.#store.end(String(payload.iss), who, {
      hash,
      expiresAt: new Date((exp + MAX_AGE_SECONDS) * 1000),
    });
    if (ended === false) throw refused('it was used before');
  }

  async #verified(token: string): Promise<{ source: IdentitySourceOf<'oidc'>; payload: JWTPayload }> {
    const issuer = issuerOf(token);
    const sources = await this.#sources.enabledOf('oidc');
    const source = sources.find(({ settings }) => isSameIssuer(settings.endpoint, issuer));
    if (!source) throw refused('no provider here has that issuer');
    const keys = await this.#keysOf(source, issuer);
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
        algorithms: ALGORITHMS,
        issuer,
        audience: source.settings.client_id,
        clockTolerance: TOLERANCE_SECONDS,
        maxTokenAge: MAX_AGE_SECONDS,
        currentDate: this.#clock.now(),
        requiredClaims: ['iat', 'exp', 'jti', 'events'],
      });
      return { source, payload };
    } catch (error) {
      throw refused((error as Error).message);
    }
  }

  async #keysOf(source: IdentitySourceOf<'oidc'>, issuer: string): Promise<JSONWebKeySet> {
    try {
      const metadata = await this.#providers.metadata(source);
      if (metadata.issuer !== issuer || metadata.jwks_uri === undefined) throw refused('the issuer is another one');
      const answer = await this.#providers.fetchFor(source)(metadata.jwks_uri, {});
      return (await answer.json()) as JSONWebKeySet;
    } catch (error) {
      if (error instanceof AppError && error.code === 'BAD_REQUEST') throw error;
      throw new AppError('EGRESS_FAILED', signInErrorOf(error).message, { cause: error });
    }
  }
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw refused('it is no token');
  }
}

function isSameIssuer(endpoint: string, issuer: string): boolean {
  return endpoint.replace(/\/$/, '') === issuer.replace(/\/$/, '');
}

function refused(reason: string): AppError {
  return new AppError('BAD_REQUEST', `logout_token: refused, because ${reason}.`);
}
