import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { decodeJwt, type JWTPayload } from 'jose';
import { type Caller, ExternalAddress } from '../http/index.ts';
import { type IdentitySourceOf, IdentitySourceService } from '../identity-source/index.ts';
import { sha256 } from '../secret/index.ts';
import { isSameIssuer, ProviderKeys, ProviderService, signInErrorOf } from '../oidc-provider/index.ts';
import { logoutSubject } from './logout-token.rules.ts';
import { SessionEntry } from './session-entry.ts';
import { SourceSessionStore } from './source-session.store.ts';

const MAX_AGE_SECONDS = 10 * 60;

/** Ending sessions here and at the provider. */
@Injectable()
export class OidcLogoutService {
  readonly #sources: IdentitySourceService;
  readonly #providers: ProviderService;
  readonly #keys: ProviderKeys;
  readonly #store: SourceSessionStore;
  readonly #entry: SessionEntry;
  readonly #address: ExternalAddress;

  constructor(
    sources: IdentitySourceService,
    providers: ProviderService,
    keys: ProviderKeys,
    store: SourceSessionStore,
    entry: SessionEntry,
    address: ExternalAddress,
  ) {
    this.#sources = sources;
    this.#providers = providers;
    this.#keys = keys;
    this.#store = store;
    this.#entry = entry;
    this.#address = address;
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
    try {
      const rules = { requiredClaims: ['iat', 'exp', 'jti', 'events'], maxAgeSeconds: MAX_AGE_SECONDS };
      return { source, payload: await this.#keys.verify(source, token, rules) };
    } catch (error) {
      const failure = signInErrorOf(error);
      if (failure.failure === 'unavailable') throw failure;
      throw refused((error as Error).message);
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

function refused(reason: string): AppError {
  return new AppError('BAD_REQUEST', `logout_token: refused, because ${reason}.`);
}
