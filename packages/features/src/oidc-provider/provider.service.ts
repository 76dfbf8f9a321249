import { createHash } from 'node:crypto';
import type { OidcSettings } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import * as client from 'openid-client';
import { Clock } from '../clock/index.ts';
import { EgressService, webFetch } from '../egress/index.ts';
import { sha256 } from '../secret/index.ts';
import type { Claims } from './claims.rules.ts';
import { authorizationParameters, matchesHash, originsOf } from './protocol.rules.ts';
import { SignInError, signInErrorOf } from './sign-in-failure.rules.ts';

/** What is needed to talk to a provider. */
export interface ProviderTerms {
  readonly settings: OidcSettings;
  readonly secrets: Readonly<Record<string, string>>;
}

/** What a login sets out with, and its answer is checked against. */
export interface LoginChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** What a provider said of a person. */
export interface ProvenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly idToken: Claims;
  readonly userInfo: Claims | null;
  /** The ID token as it came; null when a refresh brought none. */
  readonly rawIdToken: string | null;
  /** Null when the provider gave none; undefined when the one used stays good. */
  readonly refreshToken: string | null | undefined;
}

const DISCOVERY_MS = 10 * 60_000;
const TIMEOUT_SECONDS = 5;
const MAX_BYTES = 1024 * 1024;
const MAX_KNOWN = 64;
const TOLERANCE_SECONDS = 30;

/** Speaks OpenID Connect. Everything goes out through `egress`, bounded; signatures are always checked. */
@Injectable()
export class ProviderService {
  readonly #egress: EgressService;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly at: number; readonly configuration: Promise<client.Configuration> }>();

  constructor(egress: EgressService, clock: Clock) {
    this.#egress = egress;
    this.#clock = clock;
  }

  /** The provider's own description, at most ten minutes old. Throws {@link SignInError}. */
  async metadata(terms: ProviderTerms): Promise<client.ServerMetadata> {
    return (await this.#configuration(terms)).serverMetadata();
  }

  /** Where a browser goes to sign in: code flow, PKCE S256, state and nonce. Throws {@link SignInError}. */
  async authorizationUrl(terms: ProviderTerms, checks: LoginChecks): Promise<URL> {
    const configuration = await this.#configuration(terms);
    const challenge = await client.calculatePKCECodeChallenge(checks.verifier);
    return client.buildAuthorizationUrl(configuration, authorizationParameters(terms.settings, checks, challenge));
  }

  /** Redeems the answer a browser brought back; checks state, `iss`, code, ID token and userinfo. Throws {@link SignInError}. */
  async redeem(terms: ProviderTerms, checks: LoginChecks, search: URLSearchParams): Promise<ProvenClaims> {
    const configuration = await this.#configuration(terms);
    const answer = new URL(checks.redirectUri);
    answer.search = search.toString();
    return told(async () => {
      const tokens = await client.authorizationCodeGrant(configuration, answer, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims || tokens.id_token === undefined) throw new SignInError('provider', 'The provider sent no ID token.');
      this.#requireSound(claims, tokens.id_token, tokens.access_token);
      return {
        issuer: claims.iss,
        subject: claims.sub,
        idToken: claims,
        userInfo: await this.#userInfo(configuration, tokens.access_token, claims.sub),
        rawIdToken: tokens.id_token,
        refreshToken: tokens.refresh_token ?? null,
      };
    });
  }

  /** Asks about a person again. Throws what the library throws, so that the caller can tell a refusal from an outage. */
  async refresh(terms: ProviderTerms, subject: string, refreshToken: string): Promise<ProvenClaims> {
    const configuration = await this.#configuration(terms);
    const tokens = await client.refreshTokenGrant(configuration, refreshToken);
    const claims = tokens.claims();
    if (claims && claims.sub !== subject) throw new SignInError('identity', 'The provider answers for somebody else.');
    const userInfo = await this.#userInfo(configuration, tokens.access_token, subject);
    return {
      issuer: configuration.serverMetadata().issuer,
      subject,
      idToken: claims ?? {},
      userInfo,
      rawIdToken: tokens.id_token ?? null,
      refreshToken: tokens.refresh_token,
    };
  }

  /** Where a browser goes to sign out; null when the provider has no such page. Throws {@link SignInError}. */
  async endSessionUrl(terms: ProviderTerms, idToken: string | null, returnTo: string): Promise<string | null> {
    const configuration = await this.#configuration(terms);
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    const parameters = { post_logout_redirect_uri: returnTo, ...(idToken === null ? {} : { id_token_hint: idToken }) };
    return client.buildEndSessionUrl(configuration, parameters).href;
  }

  /** Redeems a code that cannot be right, to hear whether the provider knows the client. Returns its error word. */
  async probeClient(terms: ProviderTerms, redirectUri: string): Promise<string> {
    const configuration = await this.#configuration(terms);
    try {
      await client.genericGrantRequest(configuration, 'authorization_code', {
        code: 'moorage-connection-test',
        redirect_uri: redirectUri,
        code_verifier: client.randomPKCECodeVerifier(),
      });
      return '';
    } catch (error) {
      const word = (error as { error?: unknown }).error;
      if (typeof word === 'string') return word;
      throw signInErrorOf(error);
    }
  }

  /** A fetch under the terms of a provider, for what the library does not do itself. */
  fetchFor({ settings }: ProviderTerms, credentialsFor: readonly string[] = []): ReturnType<typeof webFetch> {
    return webFetch(this.#egress, {
      purpose: 'oidc',
      credentialsFor,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_SECONDS * 1000,
      insecure: !settings.verify_cert,
      ...(settings.ca_certificate.trim() === '' ? {} : { caPem: settings.ca_certificate }),
    });
  }

  /** Forgets what is known of a provider, so that a test asks it now. */
  forget(terms: ProviderTerms): void {
    this.#known.delete(keyOf(terms));
  }

  async #configuration(terms: ProviderTerms): Promise<client.Configuration> {
    const key = keyOf(terms);
    const now = this.#clock.now().getTime();
    const known = this.#known.get(key);
    if (known && Math.abs(now - known.at) < DISCOVERY_MS) return known.configuration;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const entry = { at: now, configuration: told(() => this.#discover(terms)) };
    this.#known.set(key, entry);
    entry.configuration.catch(() => {
      if (this.#known.get(key) === entry) this.#known.delete(key);
    });
    return entry.configuration;
  }

  async #discover(terms: ProviderTerms): Promise<client.Configuration> {
    const { endpoint, client_id: clientId } = terms.settings;
    const secret = terms.secrets.client_secret;
    const isPlain = endpoint.startsWith('http://');
    const found = await this.#described(new URL(endpoint), terms, isPlain);
    const methods = found.token_endpoint_auth_methods_supported;
    const authentication =
      secret === undefined
        ? client.None()
        : methods?.includes('client_secret_post')
          ? client.ClientSecretPost(secret)
          : client.ClientSecretBasic(secret);
    const metadata = { [client.clockTolerance]: TOLERANCE_SECONDS };
    const configuration = new client.Configuration(found, clientId, metadata, authentication);
    configuration.timeout = TIMEOUT_SECONDS;
    configuration[client.customFetch] = this.fetchFor(terms, originsOf(found)) as client.CustomFetch;
    if (isPlain) client.allowInsecureRequests(configuration);
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  async #described(issuer: URL, terms: ProviderTerms, isPlain: boolean): Promise<client.ServerMetadata> {
    const found = await client.discovery(issuer, terms.settings.client_id, undefined, client.None(), {
      [client.customFetch]: this.fetchFor(terms) as client.CustomFetch,
      timeout: TIMEOUT_SECONDS,
      ...(isPlain ? { execute: [client.allowInsecureRequests] } : {}),
    });
    // Only what the provider wrote, without the functions the library adds.
    return JSON.parse(JSON.stringify(found.serverMetadata())) as client.ServerMetadata;
  }

  async #userInfo(configuration: client.Configuration, accessToken: string, subject: string): Promise<Claims | null> {
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return null;
    return client.fetchUserInfo(configuration, accessToken, subject);
  }

  /** What the library leaves open: the access token belongs to the ID token, and that is not from the future. */
  #requireSound(claims: client.IDToken, idToken: string, accessToken: string): void {
    const now = this.#clock.now().getTime() / 1000;
    if (claims.iat > now + 2 * TOLERANCE_SECONDS) {
      throw new SignInError(
        'provider',
        'The ID token is from the future: the clocks of this server and the provider differ.',
      );
    }
    if (claims.at_hash !== undefined && !matchesHash(idToken, accessToken, claims.at_hash)) {
      throw new SignInError('provider', 'The access token is not the one the ID token was made for (at_hash).');
    }
  }
}

function keyOf({ settings, secrets }: ProviderTerms): string {
  const { endpoint, client_id, verify_cert, ca_certificate } = settings;
  const parts = JSON.stringify([endpoint, client_id, verify_cert, ca_certificate, secrets.client_secret ?? null]);
  return sha256(createHash('sha512').update(parts).digest()).toString('base64');
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw signInErrorOf(error);
  }
}
