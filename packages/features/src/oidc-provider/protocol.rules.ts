import { createHash } from 'node:crypto';
import type { OidcSettings } from '@moorage/contracts';

/** Parameters that keep a login safe; an administrator's extra parameters must not replace them. */
const RESERVED = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'client_secret',
]);

/** Scopes of a comma or space list; `openid` always. */
export function scopesOf(list: string): readonly string[] {
  const scopes = list.split(/[,\s]+/u).filter((scope) => scope !== '');
  return [...new Set(['openid', ...scopes])];
}

/** Parameters of the request a browser brings to the provider. */
export function authorizationParameters(
  settings: Pick<OidcSettings, 'scope' | 'extra_redirect_parms'>,
  checks: { readonly state: string; readonly nonce: string; readonly redirectUri: string },
  challenge: string,
): Record<string, string> {
  const extra = Object.entries(settings.extra_redirect_parms).filter(([name]) => !RESERVED.has(name));
  return {
    ...Object.fromEntries(extra),
    scope: scopesOf(settings.scope).join(' '),
    redirect_uri: checks.redirectUri,
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
}

/** Origins credentials may go to: the issuer's, and those of the endpoints it names. */
export function originsOf(
  metadata: { readonly issuer: string } & Readonly<Record<string, unknown>>,
): readonly string[] {
  const endpoints = ['token_endpoint', 'userinfo_endpoint', 'revocation_endpoint'].map((name) => metadata[name]);
  const urls = [metadata.issuer, ...endpoints].filter((url): url is string => typeof url === 'string');
  return [...new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))];
}

/** Whether `at_hash` of an ID token is the one of the access token (OpenID Connect Core 3.1.3.6). */
export function matchesHash(idToken: string, accessToken: string, hash: unknown): boolean {
  const header = JSON.parse(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString('utf8')) as { alg?: string };
  const bits = /(256|384|512)$/.exec(header.alg ?? '')?.[1] ?? '512';
  const digest = createHash(`sha${bits}`).update(accessToken).digest();
  return hash === digest.subarray(0, digest.length / 2).toString('base64url');
}

/** Whether an issuer is the one of a source; they differ in a final slash at most. */
export function isSameIssuer(endpoint: string, issuer: string | undefined): boolean {
  return issuer !== undefined && endpoint.replace(/\/$/, '') === issuer.replace(/\/$/, '');
}
