import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWK, SignJWT } from 'jose';

/** What the provider is told to do wrong; nothing at all is the positive control. */
export interface Misdeed {
  /** Changes the description of the provider. */
  readonly metadata?: (metadata: Record<string, unknown>) => Record<string, unknown>;
  /** Changes the query the browser is sent back with. */
  readonly redirect?: (query: URLSearchParams) => void;
  /** Changes the claims of the ID token. */
  readonly idToken?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Signs or writes the ID token differently. */
  readonly sign?: (claims: Record<string, unknown>, signWith: Signer) => Promise<string>;
  /** Changes the answer of the token endpoint. */
  readonly tokens?: (answer: Record<string, unknown>) => Record<string, unknown>;
  /** Changes the answer of userinfo. */
  readonly userInfo?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Answers a path itself, raw. */
  readonly answer?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;
}

/** Signs claims: with the published key, with one nobody knows, or with the client secret. */
export type Signer = (
  claims: Record<string, unknown>,
  key: 'published' | 'unknown' | 'secret',
  header?: { readonly alg?: string; readonly kid?: string },
) => Promise<string>;

/** A provider that follows the protocol but for one misdeed at a time. */
export interface HostileProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  misdeed: Misdeed;
  /** Authorization requests, as the browser brought them. */
  readonly authorizations: URLSearchParams[];
  /** Requests, as `METHOD path`, and the Authorization header each carried. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** Bodies of token requests. */
  readonly redemptions: URLSearchParams[];
  /** An ID token for the client, right unless claims or key say otherwise. */
  idToken(claims?: Record<string, unknown>, key?: 'unknown' | 'secret', alg?: string): Promise<string>;
  /** A logout token, right unless claims or header say otherwise. */
  logoutToken(
    claims?: Record<string, unknown>,
    options?: { readonly key?: 'unknown' | 'secret'; readonly alg?: string },
  ): Promise<string>;
  stop(): Promise<void>;
}

const CLIENT_ID = 'moorage';
const CLIENT_SECRET = 'hostile-client-secret-0123456789abcdef';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const SUBJECT = 'sub-victim';

interface Pending {
  readonly nonce: string | null;
  readonly challenge: string | null;
}

/**
 * Starts a provider of our own that can be told to lie. It signs everybody in as the same person. On 127.0.0.1 and over
 * plain http unless said otherwise.
 */
export async function startHostileProvider(
  options: { readonly host?: string; readonly tls?: { readonly cert: string; readonly key: string } } = {},
): Promise<HostileProvider> {
  const { host = '127.0.0.1', tls } = options;
  const published = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unknown = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk: JWK = { ...(await exportJWK(published.publicKey)), kid: 'published', alg: 'RS256', use: 'sig' };
  const keys = {
    published: published.privateKey,
    unknown: unknown.privateKey,
    secret: new TextEncoder().encode(CLIENT_SECRET),
  };
  const signWith: Signer = (claims, key, { alg = 'RS256', kid = 'published' } = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(keys[key]);
  const server: Server = tls ? createTlsServer(tls) : createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const name = host.includes(':') ? `[${host}]` : host;
  const issuer = `${tls ? 'https' : 'http'}://${name}:${(server.address() as AddressInfo).port}`;
  const pending = new Map<string, Pending>();
  const hostile: HostileProvider = {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    misdeed: {},
    authorizations: [],
    requests: [],
    redemptions: [],
    idToken: (claims = {}, key, alg) =>
      signWith(
        { sub: SUBJECT, ...baseClaims(issuer), ...claims },
        key ?? 'published',
        alg === undefined ? {} : { alg },
      ),
    logoutToken: (claims = {}, options = {}) =>
      signWith(
        { sub: SUBJECT, events: { [EVENT]: {} }, jti: randomUUID(), ...baseClaims(issuer), ...claims },
        options.key ?? 'published',
        options.alg === undefined ? {} : { alg: options.alg },
      ),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  const routes: Readonly<
    Record<string, (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>>
  > = {
    '/.well-known/openid-configuration': async (_request, response) => {
      json(response, (hostile.misdeed.metadata ?? same)(metadataOf(issuer)));
    },
    '/jwks': async (_request, response) => json(response, { keys: [jwk] }),
    '/authorize': async (_request, response, url) => {
      hostile.authorizations.push(url.searchParams);
      const code = randomUUID();
      pending.set(code, { nonce: url.searchParams.get('nonce'), challenge: url.searchParams.get('code_challenge') });
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: issuer }).toString();
      hostile.misdeed.redirect?.(back.searchParams);
      response.writeHead(302, { location: back.href }).end();
    },
    '/token': async (request, response) => {
      const body = new URLSearchParams(await textOf(request));
      hostile.redemptions.push(body);
      const code = pending.get(body.get('code') ?? '');
      const hash = createHash('sha256')
        .update(body.get('code_verifier') ?? '')
        .digest('base64url');
      if (!code || code.challenge !== hash) {
        json(response, { error: 'invalid_grant' }, 400);
        return;
      }
      const claims = (hostile.misdeed.idToken ?? same)({ ...baseClaims(issuer), sub: SUBJECT, nonce: code.nonce });
      const token = await (hostile.misdeed.sign ?? ((given) => signWith(given, 'published')))(claims, signWith);
      const answer = { access_token: 'access-of-tests', token_type: 'Bearer', expires_in: 300, id_token: token };
      json(response, (hostile.misdeed.tokens ?? same)(answer));
    },
    '/userinfo': async (_request, response) => {
      json(response, (hostile.misdeed.userInfo ?? same)({ sub: SUBJECT, preferred_username: 'victim', groups: [] }));
    },
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', issuer);
    const { authorization } = request.headers;
    hostile.requests.push({ line: `${request.method} ${url.pathname}`, authorization });
    const own = hostile.misdeed.answer?.[url.pathname];
    if (own) own(request, response);
    else (routes[url.pathname] ?? missing)(request, response, url).catch(() => response.destroy());
  });
  return hostile;
}

function metadataOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256', 'plain'],
    authorization_response_iss_parameter_supported: true,
  };
}

function baseClaims(issuer: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: CLIENT_ID, iat: now, exp: now + 300 };
}

function same(value: Record<string, unknown>): Record<string, unknown> {
  return value;
}

async function missing(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(404).end();
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
