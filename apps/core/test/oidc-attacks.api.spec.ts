import { type HostileProvider, type Misdeed, startHostileProvider } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const FUTURE = 10 * 365 * 24 * 3600;

describe('a provider that lies', () => {
  let core: TestCore;
  let idp: HostileProvider;

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    idp = await startHostileProvider();
    const settings = {
      oidc_name: 'hostile',
      oidc_endpoint: idp.issuer,
      oidc_client_id: idp.clientId,
      oidc_client_secret: idp.clientSecret,
      oidc_auto_onboard: true,
      oidc_groups_claim: 'groups',
      oidc_admin_group: 'admins',
      auth_mode: 'oidc_auth',
    };
    const saved = await callApi(core, ADMIN, 'PUT', '/configurations', settings);
    expect(saved.status).toBe(200);
  });

  afterAll(async () => {
    await idp.stop();
    await core.stop();
  });

  /** Signs in anew with a misdeed; the status the walk ended with, and whether there is a session. */
  async function attempt(misdeed: Misdeed): Promise<{ status: number; path: string; isIn: boolean }> {
    // What is known of the provider is kept for ten minutes.
    core.clock.advanceMinutes(11);
    idp.misdeed = misdeed;
    const browser = new SsoBrowser(core);
    const { status, url } = await browser.signIn();
    idp.misdeed = {};
    return { status, path: url.pathname, isIn: (await browser.currentUser()) !== null };
  }

  async function expectRefused(what: string, misdeed: Misdeed): Promise<void> {
    const { status, isIn } = await attempt(misdeed);
    expect([400, 422, 502], what).toContain(status);
    expect(isIn, what).toBe(false);
  }

  async function expectControl(): Promise<void> {
    expect((await attempt({})).isIn).toBe(true);
  }

  const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');

  it('S32 is believed when it does not lie', expectControl);

  const CLAIMS: Readonly<Record<string, (claims: Record<string, unknown>) => Record<string, unknown>>> = {
    'another issuer': (claims) => ({ ...claims, iss: 'https://other.example.com' }),
    'another audience': (claims) => ({ ...claims, aud: 'other' }),
    'two audiences and no azp': (claims) => ({ ...claims, aud: ['moorage', 'other'] }),
    'two audiences and another azp': (claims) => ({ ...claims, aud: ['moorage', 'other'], azp: 'other' }),
    'an end in the past': (claims) => ({ ...claims, exp: Number(claims.iat) - 3600 }),
    'no end': (claims) => ({ ...claims, exp: undefined }),
    'a beginning in the future': (claims) => ({
      ...claims,
      iat: Number(claims.iat) + FUTURE,
      exp: Number(claims.iat) + FUTURE + 60,
    }),
    'nbf in the future': (claims) => ({ ...claims, nbf: Number(claims.iat) + FUTURE }),
    'no nonce': (claims) => ({ ...claims, nonce: undefined }),
    'an empty nonce': (claims) => ({ ...claims, nonce: '' }),
    "somebody else's nonce": (claims) => ({ ...claims, nonce: 'x'.repeat(43) }),
    'at_hash of another access token': (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'at_hash that is no text': (claims) => ({ ...claims, at_hash: 7 }),
    'no subject': (claims) => ({ ...claims, sub: undefined }),
  };
  it.each(Object.entries(CLAIMS))('S28 S32 refuses an ID token with %s', async (what, idToken) => {
    await expectRefused(what, { idToken });
    await expectControl();
  });

  const SIGNATURES: Readonly<Record<string, Misdeed['sign']>> = {
    'no signature': async (claims) => `${header({ alg: 'none' })}.${header(claims)}.`,
    'HS256 by the client secret': (claims, signWith) => signWith(claims, 'secret', { alg: 'HS256' }),
    'a key nobody published': (claims, signWith) => signWith(claims, 'unknown'),
    'a key id nobody published': (claims, signWith) => signWith(claims, 'unknown', { kid: 'other' }),
    'PS256 where RS256 was said': (claims, signWith) => signWith(claims, 'published', { alg: 'PS256' }),
    'changed claims': async (claims, signWith) => {
      const [head, , signature] = (await signWith(claims, 'published')).split('.');
      return [head, header({ ...claims, sub: 'sub-other' }), signature].join('.');
    },
    'a signature cut off': async (claims, signWith) => {
      const token = await signWith(claims, 'published');
      return token.slice(0, token.lastIndexOf('.') + 1);
    },
    'no token at all': async () => 'not-a-token',
  };
  it.each(Object.entries(SIGNATURES))('S32 refuses an ID token with %s', async (what, sign) => {
    await expectRefused(what, sign ? { sign } : {});
    await expectControl();
  });

  const ANSWERS: Readonly<Record<string, Misdeed>> = {
    'a description of another issuer': { metadata: (found) => ({ ...found, issuer: 'http://127.0.0.1:1' }) },
    'a description without an issuer': { metadata: (found) => ({ ...found, issuer: undefined }) },
    'no ID token': { tokens: (answer) => ({ ...answer, id_token: undefined }) },
    'no access token': { tokens: (answer) => ({ ...answer, access_token: undefined }) },
    'userinfo about somebody else': { userInfo: (claims) => ({ ...claims, sub: 'sub-other' }) },
    'userinfo about nobody': { userInfo: (claims) => ({ ...claims, sub: undefined }) },
    'the iss of another provider': { redirect: (query) => query.set('iss', 'https://other.example.com') },
    'no iss, although promised': { redirect: (query) => query.delete('iss') },
    'another state': { redirect: (query) => query.set('state', 'x'.repeat(43)) },
    'no state': { redirect: (query) => query.delete('state') },
    'two states': { redirect: (query) => query.append('state', 'x') },
    'no code': { redirect: (query) => query.delete('code') },
    'a code nobody gave': { redirect: (query) => query.set('code', 'unknown') },
    'an error': { redirect: (query) => query.set('error', 'access_denied') },
    'a token answer that is no JSON': {
      answer: {
        '/token': (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      },
    },
    'a token endpoint that fails': { answer: { '/token': (_request, response) => void response.writeHead(500).end() } },
    'keys behind a redirect': {
      answer: {
        '/jwks': (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      },
    },
    'keys without end': {
      answer: {
        '/jwks': (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const chunk = `"${'x'.repeat(65_535)}`;
          const pour = (): void => {
            while (!response.destroyed && response.write(chunk));
          };
          response.on('drain', pour).on('error', () => undefined);
          pour();
        },
      },
    },
    'a token endpoint that never answers': { answer: { '/token': () => undefined } },
  };
  it.each(Object.entries(ANSWERS))('S32 refuses %s', async (what, misdeed) => {
    await expectRefused(what, misdeed);
    await expectControl();
  });

  it('S32 tells administrators the reason, and others only a word', async () => {
    await attempt({ idToken: (claims) => ({ ...claims, exp: Number(claims.iat) - 3600 }) });
    const [row] = await core.database.query<{ audit: string }>(
      `select payload -> 'audit' ->> 'description' as audit from outbox_events where name = 'login.failed' order by id desc limit 1`,
    );
    expect(row?.audit).toContain('clocks');
    idp.misdeed = { sign: async () => 'no' };
    const browser = new SsoBrowser(core);
    const back = await browser.callback();
    const answer = await browser.send('GET', back.href, { headers: { accept: 'text/html' } });
    idp.misdeed = {};
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/login?sso_error=provider']);
  });

  it('S27 a callback counts once, in the browser that began the login, within ten minutes', async () => {
    const status = async (browser: SsoBrowser, url: string) => (await browser.send('GET', url)).status;
    const first = new SsoBrowser(core);
    const one = await first.callback();
    const two = await first.callback();
    const stranger = new SsoBrowser(core);
    const foreign = await stranger.callback();
    for (const query of ['', '?state=', '?code=x', '?state=&code=x', `?state=${'x'.repeat(43)}&code=x`])
      expect(await status(first, `/c/oidc/callback${query}`), query).toBe(400);
    expect(await status(first, foreign.href)).toBe(400);
    expect(await status(new SsoBrowser(core), one.href)).toBe(400);
    const noCookie = await fetch(one, { redirect: 'manual' });
    expect([noCookie.status, noCookie.headers.getSetCookie()]).toEqual([400, []]);
    expect(await first.currentUser()).toBeNull();
    // Two tabs: both logins are the browser's own.
    expect(await status(first, two.href)).toBe(302);
    expect(await status(first, one.href)).toBe(302);
    expect(await status(first, one.href)).toBe(400);
    expect(await first.currentUser()).not.toBeNull();
    const late = new SsoBrowser(core);
    const callback = await late.callback();
    core.clock.advanceMinutes(10);
    expect(await status(late, callback.href)).toBe(400);
    expect(await late.currentUser()).toBeNull();
  });

  it('S28 sends a fresh S256 challenge, state and nonce each time, and extra parameters cannot replace them', async () => {
    const extra = {
      code_challenge_method: 'plain',
      code_challenge: 'x',
      state: 'x',
      nonce: 'x',
      redirect_uri: 'https://evil',
      ui_locales: 'de',
    };
    await callApi(core, ADMIN, 'PUT', '/configurations', { oidc_extra_redirect_parms: JSON.stringify(extra) });
    idp.authorizations.length = 0;
    idp.redemptions.length = 0;
    for (let count = 0; count < 3; count++) await expectControl();
    await callApi(core, ADMIN, 'PUT', '/configurations', { oidc_extra_redirect_parms: '{}' });
    for (const sent of idp.authorizations) {
      expect(sent.getAll('code_challenge_method')).toEqual(['S256']);
      expect(sent.get('code_challenge')).toMatch(/^[\w-]{43}$/);
      expect(sent.get('state')).toMatch(/^[\w-]{43}$/);
      expect(sent.get('nonce')).toMatch(/^[\w-]{43}$/);
      expect(sent.get('redirect_uri')).toBe(`${core.url}/c/oidc/callback`);
      expect(sent.get('ui_locales')).toBe('de');
    }
    const values = ['state', 'nonce', 'code_challenge'].flatMap((name) =>
      idp.authorizations.map((sent) => sent.get(name)),
    );
    expect(new Set(values).size).toBe(9);
    expect(idp.redemptions.every((sent) => (sent.get('code_verifier') ?? '').length >= 43)).toBe(true);
  });

  it('S30 odd subjects are nobody, odd names and groups count as absent', async () => {
    const both = (claims: Record<string, unknown>): Misdeed => ({
      idToken: (given) => ({ ...given, ...claims }),
      userInfo: (given) => ({ ...given, ...claims }),
    });
    for (const sub of [
      '',
      ' ',
      '\t',
      null,
      7,
      ['a'],
      { a: 1 },
      'a\nb',
      'a\u0000b',
      'x'.repeat(256),
      'x'.repeat(1_000_000),
    ])
      await expectRefused(`sub ${JSON.stringify(sub).slice(0, 40)}`, both({ sub }));
    let count = 0;
    for (const name of [
      '',
      ' ',
      null,
      7,
      ['a'],
      { a: 1 },
      'a"b',
      'a\u0000b',
      'a\nb',
      'admin',
      'ADMIN',
      'x'.repeat(256),
    ]) {
      const { path, isIn } = await attempt(both({ sub: `sub-odd-${++count}`, preferred_username: name, name: 7 }));
      expect([path, isIn], JSON.stringify(name)).toEqual(['/onboard', false]);
    }
    const oddGroups = [
      null,
      7,
      {},
      'admins,x',
      ['ADMINS', ' admins', 'admins ', ['admins'], null],
      Array.from({ length: 10_000 }, (_, n) => `g${n}`),
    ];
    for (const groups of oddGroups) {
      const browser = new SsoBrowser(core);
      idp.misdeed = both({ sub: 'sub-groups', preferred_username: 'grouped', groups });
      await browser.signIn();
      expect(await browser.currentUser(), JSON.stringify(groups).slice(0, 40)).toMatchObject({
        admin_role_in_auth: false,
      });
    }
    idp.misdeed = both({ sub: 'sub-groups', preferred_username: 'grouped', groups: 'admins' });
    const browser = new SsoBrowser(core);
    await browser.signIn();
    expect(await browser.currentUser()).toMatchObject({ username: 'grouped', admin_role_in_auth: true });
    idp.misdeed = {};
  });

  it('S41 goes back to pages of this server only', async () => {
    const away = [
      '//evil.example.com',
      '/\\evil.example.com',
      'https://evil.example.com',
      '/\t/evil.example.com',
      'javascript:alert(1)',
      '/%09//evil',
      '/c/log_out',
      '/api/v2.0/users',
      '/..//evil.example.com',
    ];
    for (const given of away) {
      const { url } = await new SsoBrowser(core).signIn(undefined, given);
      expect(url.origin, given).toBe(core.url);
      if (!given.startsWith('/%09')) expect(url.pathname, given).toBe('/');
    }
    const { url } = await new SsoBrowser(core).signIn(undefined, '/projects/1?tab=tags');
    expect(url.pathname + url.search).toBe('/projects/1?tab=tags');
  });

  it('S38 S39 the session is a new one, and its cookies and those of the login are guarded', async () => {
    const browser = new SsoBrowser(core);
    await browser.signIn();
    const before = new Map(browser.cookies.get(core.url));
    const start = await browser.send('GET', '/c/oidc/login');
    for (const line of start.headers.getSetCookie())
      expect(line).toMatch(/^moorage-dev-login=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    await browser.signIn();
    expect(browser.cookies.get(core.url)?.get('moorage-dev-sid')).not.toBe(before.get('moorage-dev-sid'));
    const former = await fetch(`${core.url}/api/v2.0/users/current`, {
      headers: { cookie: `moorage-dev-sid=${before.get('moorage-dev-sid') ?? ''}` },
    });
    expect(former.status).toBe(401);
  });

  it('OIDC-6 S32 a logout token ends the sessions it names, once, and only when it is right', async () => {
    const send = async (token: string) =>
      (
        await fetch(`${core.url}/c/oidc/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        })
      ).status;
    const browser = new SsoBrowser(core);
    await browser.signIn();
    const now = Math.floor(core.clock.now().getTime() / 1000);
    const fresh = { iat: now, exp: now + 120 };
    const event = { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
    const wrong: [string, Promise<string>][] = [
      ['unknown key', idp.logoutToken(fresh, { key: 'unknown' })],
      ['shared secret', idp.logoutToken(fresh, { key: 'secret', alg: 'HS256' })],
      ['another audience', idp.logoutToken({ ...fresh, aud: 'other' })],
      ['another issuer', idp.logoutToken({ ...fresh, iss: 'https://other.example.com' })],
      ['no event', idp.logoutToken({ ...fresh, events: {} })],
      ['a nonce', idp.logoutToken({ ...fresh, ...event, nonce: 'x' })],
      ['no subject', idp.logoutToken({ ...fresh, sub: undefined })],
      ['no jti', idp.logoutToken({ ...fresh, jti: undefined })],
      ['old', idp.logoutToken({ iat: now - 7200, exp: now - 3600 })],
      ['another sid', idp.logoutToken({ ...fresh, sid: 'other' })],
      ['no token', Promise.resolve('x.y.z')],
    ];
    for (const [what, token] of wrong) {
      expect([200, 400], what).toContain(await send(await token));
      expect(await browser.currentUser(), what).not.toBeNull();
    }
    const right = await idp.logoutToken(fresh);
    expect(await send(right)).toBe(200);
    expect(await browser.currentUser()).toBeNull();
    const again = new SsoBrowser(core);
    await again.signIn();
    expect(await send(right)).toBe(400);
    expect(await again.currentUser()).not.toBeNull();
  });

  it('OIDC-8 S14 S16 takes an ID token for this registry as Bearer, and no other', async () => {
    await expectControl();
    const now = Math.floor(core.clock.now().getTime() / 1000);
    const fresh = { iat: now, exp: now + 300 };
    const me = async (token: string, path = '/api/v2.0/users/current') =>
      (await fetch(core.url + path, { headers: { authorization: `Bearer ${token}` } })).status;
    const right = await idp.idToken(fresh);
    expect(await me(right)).toBe(200);
    expect(await me(right, '/service/token?service=harbor-registry')).toBe(200);
    const wrong: [string, Promise<string>][] = [
      ['another audience', idp.idToken({ ...fresh, aud: 'other' })],
      ['two audiences', idp.idToken({ ...fresh, aud: ['moorage', 'other'] })],
      ['another azp', idp.idToken({ ...fresh, aud: ['moorage', 'other'], azp: 'other' })],
      ['another issuer', idp.idToken({ ...fresh, iss: 'https://other.example.com' })],
      ['unknown key', idp.idToken(fresh, 'unknown')],
      ['shared secret', idp.idToken(fresh, 'secret', 'HS256')],
      ['over', idp.idToken({ iat: now - 600, exp: now - 300 })],
      ['no end', idp.idToken({ ...fresh, exp: undefined })],
      ['from the future', idp.idToken({ ...fresh, nbf: now + 3600 })],
      ['a stranger', idp.idToken({ ...fresh, sub: 'sub-stranger' })],
      ['a logout token', idp.logoutToken(fresh)],
      ['no signature', Promise.resolve(`${header({ alg: 'none' })}.${right.split('.')[1] ?? ''}.`)],
    ];
    for (const [what, token] of wrong) expect(await me(await token), what).toBe(401);
    const victim = await core.database.query<{ user_id: number }>(
      `select user_id from user_identities where subject = 'sub-victim'`,
    );
    const path = `${core.url}/api/v2.0/users/${victim[0]?.user_id ?? 0}/cli_secret`;
    const headers = { authorization: `Bearer ${right}`, 'content-type': 'application/json' };
    expect((await fetch(path, { method: 'PUT', headers, body: '{}' })).status).toBe(403);
    expect(await me(right)).toBe(200);
  });
});
