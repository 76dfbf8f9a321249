import { Injectable } from '@nestjs/common';
import { decodeJwt, type JWTPayload } from 'jose';
import { type AnySource, ExternalAccountService, IdentitySourceService } from '../identity-source/index.ts';
import {
  type BasicCredentials,
  type CredentialVerifier,
  IdentityService,
  isJwt,
  type Precedence,
  type Proof,
  type Recognition,
} from '../login/index.ts';
import { isSameIssuer, ProviderKeys } from '../oidc-provider/index.ts';

type OidcSource = Extract<AnySource, { kind: 'oidc' }>;

/** Long ago: proofs by ID token are never remembered, as checking one costs a signature. */
const NEVER = new Date(0);

/**
 * ID tokens a provider issued for this registry, as Bearer on the API and the token service (OIDC-8). They act for an
 * account that exists; they make none. Tokens for other audiences, such as those of jobs, are not its business.
 */
@Injectable()
export class IdTokenVerifier implements CredentialVerifier {
  readonly credential = 'identity-source';
  readonly precedence: Precedence = 'issuer';
  readonly noPortal = 'An ID token opens no portal session; sign in through your provider.';
  readonly #sources: IdentitySourceService;
  readonly #accounts: ExternalAccountService;
  readonly #identities: IdentityService;
  readonly #keys: ProviderKeys;

  constructor(
    sources: IdentitySourceService,
    accounts: ExternalAccountService,
    identities: IdentityService,
    keys: ProviderKeys,
  ) {
    this.#sources = sources;
    this.#accounts = accounts;
    this.#identities = identities;
    this.#keys = keys;
  }

  async recognises({ name, secret }: BasicCredentials): Promise<Recognition> {
    return name === '' && isJwt(secret) && (await this.#sourceOf(secret)) ? 'mine' : 'other';
  }

  async verify({ secret }: BasicCredentials): Promise<Proof | null> {
    const source = await this.#sourceOf(secret);
    const claims = source && (await this.#claimsOf(source, secret));
    const userId = claims?.sub && claims.iss ? await this.#accounts.userOf(claims.iss, claims.sub) : null;
    const identity = userId === null ? null : await this.#identities.find('user', userId);
    return identity ? { identity, until: NEVER } : null;
  }

  /** Null for whatever is wrong: who holds a bad token learns nothing about what a good one would be. */
  async #claimsOf(source: OidcSource, token: string): Promise<JWTPayload | null> {
    try {
      const claims = await this.#keys.verify(source, token, { requiredClaims: ['sub', 'iat', 'exp'] });
      const isForUs = typeof claims.aud === 'string' || claims.azp === source.settings.client_id;
      // A logout token is signed by the same keys, and signs nobody in.
      return isForUs && claims.events === undefined ? claims : null;
    } catch {
      return null;
    }
  }

  async #sourceOf(token: string): Promise<OidcSource | null> {
    const { iss, aud } = unverified(token);
    const sources = await this.#sources.enabledOf('oidc');
    const found = sources.find(({ settings }) => isSameIssuer(settings.endpoint, iss));
    return found && [aud ?? []].flat().includes(found.settings.client_id) ? found : null;
  }
}

function unverified(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}
