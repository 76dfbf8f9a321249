import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** Somebody the provider knows: claims by name. Changing them changes what the next answer says. */
export type TestPerson = Record<string, unknown>;

export interface TestIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** People by subject. Who is taken out exists no more; his refresh tokens die. */
  readonly people: Map<string, TestPerson>;
  /** Who is at the keyboard: signs in at once, without a form. */
  current: string;
  /** Requests that reached the provider, as `METHOD path`. */
  readonly requests: string[];
  stop(): Promise<void>;
}

const CLIENT_ID = 'moorage';
const CLIENT_SECRET = 'client-secret-of-tests-0123456789';

/**
 * Starts a real OpenID Connect provider on a free port of 127.0.0.1 that knows one client. `callbacks` are its redirect
 * addresses. Whoever {@link TestIdentityProvider.current} names is signed in without a page.
 */
export async function startTestIdentityProvider(options: {
  readonly callbacks: readonly string[];
  readonly backchannelLogoutUrl?: string;
  readonly people?: Readonly<Record<string, TestPerson>>;
  readonly issuesRefreshTokens?: boolean;
}): Promise<TestIdentityProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = new Map(Object.entries(options.people ?? {}));
  const requests: string[] = [];
  const state = { current: [...people.keys()][0] ?? '' };
  const provider = new Provider(issuer, await configuration(options, people));
  provider.on('server_error', () => undefined);
  const respond = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${(request.url ?? '').split('?', 1)[0]}`);
    if (request.url?.startsWith('/interaction/')) {
      finishInteraction(provider, request, response, state.current).catch(() => response.destroy());
      return;
    }
    void respond(request, response);
  });
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    people,
    requests,
    get current() {
      return state.current;
    },
    set current(subject: string) {
      state.current = subject;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function finishInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  subject: string,
): Promise<void> {
  await provider.interactionDetails(request, response);
  const result =
    subject === ''
      ? { error: 'access_denied', error_description: 'the person said no' }
      : { login: { accountId: subject, remember: false } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function configuration(
  options: Parameters<typeof startTestIdentityProvider>[0],
  people: ReadonlyMap<string, TestPerson>,
): Promise<Configuration> {
  const claimNames = ['preferred_username', 'name', 'email', 'email_verified', 'groups', 'upn', 'roles'];
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [...options.callbacks],
        post_logout_redirect_uris: options.callbacks.map((url) => `${new URL(url).origin}/login`),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        ...(options.backchannelLogoutUrl === undefined
          ? {}
          : { backchannel_logout_uri: options.backchannelLogoutUrl, backchannel_logout_session_required: true }),
      },
    ],
    jwks: { keys: [await signingKey()] },
    pkce: { required: () => true },
    claims: { openid: ['sub', 'sid'], profile: claimNames },
    conformIdTokenClaims: false,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    cookies: { keys: ['keys-of-tests'] },
    ttl: { AccessToken: 300, IdToken: 300, RefreshToken: 86_400, Session: 86_400, Grant: 86_400, Interaction: 600 },
    issueRefreshToken: async () => options.issuesRefreshTokens ?? true,
    rotateRefreshToken: true,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    fetch: (url, init) => fetch(url, init as RequestInit),
    findAccount: async (_context, subject) => {
      if (!people.has(subject)) return undefined;
      return { accountId: subject, claims: async () => ({ ...people.get(subject), sub: subject }) };
    },
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email offline_access');
      await grant.save();
      return grant;
    },
  };
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'test-key', alg: 'RS256', use: 'sig' };
}
