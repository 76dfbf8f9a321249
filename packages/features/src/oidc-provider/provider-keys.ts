import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Clock } from '../clock/index.ts';
import { ProviderService, type ProviderTerms } from './provider.service.ts';

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
const KEEP_MS = 5 * 60_000;
/** Unknown key ids make nobody ask the provider more often than this. */
const COOLDOWN_MS = 60_000;
const MAX_KNOWN = 64;

/** Checks tokens that did not come through the library's own flow. Keys of providers are kept for five minutes. */
@Injectable()
export class ProviderKeys {
  readonly #providers: ProviderService;
  readonly #clock: Clock;
  readonly #known = new Map<string, JWTVerifyGetKey>();

  constructor(providers: ProviderService, clock: Clock) {
    this.#providers = providers;
    this.#clock = clock;
  }

  /**
   * The claims of a token the provider signed for this client. Throws what is wrong with it, and SignInError or
   * EgressError when the provider cannot be asked.
   */
  async verify(
    terms: ProviderTerms,
    token: string,
    rules: { readonly requiredClaims: readonly string[]; readonly maxAgeSeconds?: number },
  ): Promise<JWTPayload> {
    const { issuer, jwks_uri: address } = await this.#providers.metadata(terms);
    if (address === undefined) throw new Error('the provider names no keys (jwks_uri)');
    const { payload } = await jwtVerify(token, this.#keysAt(address, terms), {
      algorithms: ALGORITHMS,
      issuer,
      audience: terms.settings.client_id,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: this.#clock.now(),
      requiredClaims: [...rules.requiredClaims],
      ...(rules.maxAgeSeconds === undefined ? {} : { maxTokenAge: rules.maxAgeSeconds }),
    });
    return payload;
  }

  #keysAt(address: string, terms: ProviderTerms): JWTVerifyGetKey {
    const key = JSON.stringify([address, terms.settings.verify_cert, terms.settings.ca_certificate]);
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const fetch = this.#providers.fetchFor(terms);
    const keys = createRemoteJWKSet(new URL(address), {
      [customFetch]: (url, { method, signal }) => fetch(url, { method, signal }),
      cacheMaxAge: KEEP_MS,
      cooldownDuration: COOLDOWN_MS,
    });
    this.#known.set(key, keys);
    return keys;
  }
}
