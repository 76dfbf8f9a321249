import { freePort, startTestIdentityProvider, type TestIdentityProvider } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { fetchToken } from './support/registry.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

describe('signing in through a provider', () => {
  let core: TestCore;
  let idp: TestIdentityProvider;

  beforeAll(async () => {
    const port = await freePort();
    core = await startTestCore({ MOORAGE_PORT: String(port), MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    idp = await startTestIdentityProvider({
      callbacks: [`${core.url}/c/oidc/callback`],
      backchannelLogoutUrl: `${core.url}/c/oidc/backchannel-logout`,
      people: {
        'sub-ada': {
          preferred_username: 'ada',
          name: 'Lovelace, Ada',
          email: 'ada@example.com',
          groups: ['dev', 'tmp-x'],
        },
      },
    });
    const settings = {
      auth_mode: 'oidc_auth',
      oidc_name: 'corp',
      oidc_endpoint: idp.issuer,
      oidc_client_id: idp.clientId,
      oidc_client_secret: idp.clientSecret,
      oidc_scope: 'openid,profile,email,offline_access',
      oidc_groups_claim: 'groups',
      oidc_admin_group: 'registry-admins',
      oidc_group_filter: '^(dev|ops)',
      oidc_auto_onboard: true,
      oidc_extra_redirect_parms: '{"prompt":"login"}',
    };
    expect((await call('PUT', '/configurations', settings)).status).toBe(200);
  });

  afterAll(async () => {
    await idp.stop();
    await core.stop();
  });

  const call = (method: string, path: string, body?: unknown) => callApi(core, ADMIN, method, path, body);

  /** A new browser whose owner is somebody the provider knows. */
  function browserOf(subject: string, claims?: Record<string, unknown>): SsoBrowser {
    if (claims) idp.people.set(subject, claims);
    idp.current = subject;
    return new SsoBrowser(core);
  }

  it('OIDC-2 OIDC-3 brings a person in by code flow and back to where he wanted to go', async () => {
    const browser = browserOf('sub-ada');
    const arrival = await browser.signIn(undefined, '/projects/7?tab=tags#x');
    expect(arrival.url.pathname + arrival.url.search).toBe('/projects/7?tab=tags');
    const user = await browser.currentUser();
    expect(user).toMatchObject({
      username: 'ada',
      email: 'ada@example.com',
      realname: 'Lovelace Ada',
      sysadmin_flag: false,
    });
    const [identity] = await core.database.query('select issuer, subject from user_identities');
    expect(identity).toEqual({ issuer: idp.issuer, subject: 'sub-ada' });
  });

  it('OIDC-3 S29 never links by name or address: the name that is taken is not offered, and another is chosen', async () => {
    const { id } = await core.createUser('grace');
    const browser = browserOf('sub-grace', {
      preferred_username: 'grace',
      email: 'grace@example.com',
      email_verified: true,
    });
    const arrival = await browser.signIn(undefined, '/projects');
    expect(arrival.url.pathname).toBe('/onboard');
    expect(await browser.currentUser()).toBeNull();
    const pending = (await (await browser.send('GET', '/c/oidc/onboard')).json()) as object;
    expect(pending).toEqual({
      source: 'corp',
      username: 'grace',
      email: 'grace@example.com',
      realname: '',
      groups: [],
    });
    const choose = (username: string) => browser.send('POST', '/c/oidc/onboard', { json: { username } });
    expect((await choose('grace')).status).toBe(409);
    expect((await choose('gr#ce')).status).toBe(400);
    expect((await new SsoBrowser(core).send('POST', '/c/oidc/onboard', { json: { username: 'thief' } })).status).toBe(
      404,
    );
    const chosen = await choose('grace h');
    expect([chosen.status, await chosen.json()]).toEqual([200, { location: '/projects' }]);
    // The address belongs to the local account; the new one goes without.
    const user = await browser.currentUser();
    expect(user).toMatchObject({ username: 'grace_h', email: '' });
    expect(user?.user_id).not.toBe(id);
    expect((await choose('again')).status).toBe(404);
  });

  it('OIDC-5 S30 an exact group makes an administrator, for as long as the provider says so', async () => {
    const admins = { preferred_username: 'root', groups: ['dev', 'registry-admins'] };
    const browser = browserOf('sub-root', admins);
    await browser.signIn();
    expect(await browser.currentUser()).toMatchObject({ sysadmin_flag: false, admin_role_in_auth: true });
    expect((await browser.send('GET', '/api/v2.0/configurations')).status).toBe(200);
    for (const name of ['Registry-Admins', 'registry-admins ', 'registry-admins,x', 'x']) {
      idp.people.set('sub-root', { ...admins, groups: [name] });
      const later = browserOf('sub-root');
      await later.signIn();
      expect(await later.currentUser(), name).toMatchObject({ admin_role_in_auth: false });
      expect((await later.send('GET', '/api/v2.0/configurations')).status, name).toBe(403);
    }
  });

  it('OIDC-4 S31 groups give roles, a filter narrows them, and what the provider takes away is gone in time', async () => {
    await call('POST', '/projects', { project_name: 'grouped', metadata: { public: 'false' } });
    const member = { role_id: 2, member_group: { group_name: 'dev', group_type: 3 } };
    expect((await call('POST', '/projects/grouped/members', member)).status).toBe(201);
    const browser = browserOf('sub-dev', { preferred_username: 'dev1', groups: ['dev', 'tmp-x'] });
    await browser.signIn();
    const open = async () => (await browser.send('GET', '/api/v2.0/projects/grouped')).status;
    expect(await open()).toBe(200);
    const groups = await core.database.query<{ group_name: string }>('select group_name from user_groups order by 1');
    expect(groups.map((row) => row.group_name)).toEqual(['dev']);
    idp.people.set('sub-dev', { preferred_username: 'dev1', groups: [] });
    expect(await open()).toBe(200);
    core.clock.advanceMinutes(16);
    expect(await open()).toBe(403);
    idp.people.set('sub-dev', { preferred_username: 'dev1', groups: ['dev'], email: 'new@example.com' });
    // Before a refusal the provider is asked again, at most once a minute.
    core.clock.advanceMinutes(2);
    expect(await open()).toBe(200);
    expect(await browser.currentUser()).toMatchObject({ email: 'new@example.com' });
  });

  it('OIDC-4 S31 a change is decided by what the provider says within a minute', async () => {
    const browser = browserOf('sub-change', { preferred_username: 'changer', groups: ['dev'] });
    await browser.signIn();
    await call('POST', '/projects/grouped/members', { role_id: 1, member_group: { group_name: 'ops', group_type: 3 } });
    idp.people.set('sub-change', { preferred_username: 'changer', groups: ['dev', 'ops'] });
    core.clock.advanceMinutes(2);
    const update = async () =>
      (await browser.send('PUT', '/api/v2.0/projects/grouped', { json: { metadata: { auto_scan: 'true' } } })).status;
    expect(await update()).toBe(200);
    idp.people.set('sub-change', { preferred_username: 'changer', groups: ['dev'] });
    core.clock.advanceMinutes(2);
    expect(await update()).toBe(403);
  });

  it('OIDC-7 S33 a CLI secret opens registry and API, is shown once, and carries no administration', async () => {
    const browser = browserOf('sub-cli', { preferred_username: 'clio', groups: ['dev', 'registry-admins'] });
    await browser.signIn();
    const user = await browser.currentUser();
    const path = `/api/v2.0/users/${String(user?.user_id)}/cli_secret`;
    const { secret } = (await (await browser.send('PUT', path, { json: {} })).json()) as { secret: string };
    expect(secret).toMatch(/^mrc_[0-9A-Za-z]{49}$/);
    expect(await browser.currentUser()).toMatchObject({
      oidc_user_meta: { cli_secret_set: true, subiss: `sub-cli${idp.issuer}` },
    });
    expect(JSON.stringify(await browser.currentUser())).not.toContain(secret);
    const as = (given: string) => ({ name: 'clio', password: given });
    const me = async (given: string) => (await callApi(core, as(given), 'GET', '/users/current')).status;
    expect(await me(secret)).toBe(200);
    expect((await callApi(core, as(secret), 'GET', '/projects/grouped')).status).toBe(200);
    expect((await callApi(core, as(secret), 'GET', '/configurations')).status).toBe(403);
    expect((await fetchToken(core, as(secret), ['repository:grouped/app:pull'])).access[0]?.actions).toEqual(['pull']);
    expect((await fetch(`${core.url}/v2/`, { headers: { authorization: basic('clio', secret) } })).status).toBe(200);
    expect(await me(`${secret}x`)).toBe(401);
    expect((await browser.send('PUT', path, { json: { secret: 'short' } })).status).toBe(400);
    expect(await (await browser.send('PUT', path, { json: { secret: 'Chosen-secret-1' } })).json()).toEqual({});
    expect([await me(secret), await me('Chosen-secret-1')]).toEqual([401, 200]);
    const [row] = await core.database.query<{ text: string }>(
      `select row_to_json(i)::text || (select string_agg(payload::text, '') from outbox_events) as text
       from user_identities i where subject = 'sub-cli'`,
    );
    expect(row?.text).not.toContain('Chosen-secret-1');
    expect((await browser.send('DELETE', path)).status).toBe(200);
    expect(await me('Chosen-secret-1')).toBe(401);
  });

  it('OIDC-7 S11 S33 ends everything of an account the provider no longer knows, until its owner signs in again', async () => {
    const browser = browserOf('sub-gone', { preferred_username: 'gone', groups: ['dev'] });
    await browser.signIn();
    const user = await browser.currentUser();
    await browser.send('PUT', `/api/v2.0/users/${String(user?.user_id)}/cli_secret`, {
      json: { secret: 'Chosen-secret-1' },
    });
    const cli = { name: 'gone', password: 'Chosen-secret-1' };
    const me = async () => (await callApi(core, cli, 'GET', '/users/current')).status;
    expect(await me()).toBe(200);
    const claims = idp.people.get('sub-gone') ?? {};
    idp.people.delete('sub-gone');
    core.clock.advanceMinutes(16);
    expect(await me()).toBe(401);
    expect(await browser.currentUser()).toBeNull();
    expect((await fetchToken(core, cli, [])).status).toBe(401);
    await browserOf('sub-gone', claims).signIn();
    expect(await me()).toBe(200);
  });

  it('OIDC-4 S32 a provider that does not answer stops neither local accounts nor, for an hour, its own', async () => {
    const browser = browserOf('sub-outage', { preferred_username: 'outage', groups: ['dev'] });
    await browser.signIn();
    const open = async () => (await browser.send('GET', '/api/v2.0/projects/grouped')).status;
    await core.database.query(
      `update identity_sources set settings = jsonb_set(settings, '{endpoint}', '"http://127.0.0.1:9"')`,
    );
    core.clock.advanceMinutes(16);
    expect(await open()).toBe(200);
    expect((await call('GET', '/users')).status).toBe(200);
    await browser.send('GET', '/api/v2.0/users/current');
    core.clock.advanceMinutes(50);
    // Two looks, so that the session stays alive on the way; at the second one the hour is over.
    expect(await open()).toBe(403);
    const start = await browser.send('GET', '/c/oidc/login', { headers: { accept: 'text/html' } });
    expect(start.headers.get('location')).toBe('/login?sso_error=unavailable');
    await core.database.query(
      `update identity_sources set settings = jsonb_set(settings, '{endpoint}', to_jsonb($1::text))`,
      [idp.issuer],
    );
    core.clock.advanceMinutes(1);
  });

  it('OIDC-6 signs out here and says where to sign out at the provider', async () => {
    await call('PUT', '/configurations', { oidc_logout: true });
    const browser = browserOf('sub-out', { preferred_username: 'out' });
    await browser.signIn();
    const answer = (await (await browser.send('GET', '/c/oidc/logout')).json()) as { location: string };
    const url = new URL(answer.location);
    expect(url.origin).toBe(idp.issuer);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^ey/);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${core.url}/login`);
    expect(await browser.currentUser()).toBeNull();
  });

  it('OIDC-8 S96 tries settings that are not saved, and says exactly what is wrong', async () => {
    const draft = { endpoint: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret };
    const test = async (oidc: object) =>
      JSON.parse((await call('POST', '/identity-sources/test', { kind: 'oidc', oidc })).text) as {
        ok: boolean;
        checks: { name: string; result: string; message: string }[];
      };
    const good = await test(draft);
    // This core's clock was moved on by the tests before.
    expect(good.checks.filter(({ result }) => result === 'failed')).toMatchObject([
      { name: 'clock', message: expect.stringContaining('NTP') },
    ]);
    expect(good.checks.map(({ name }) => name)).toEqual([
      'group-filter',
      'discovery',
      'keys',
      'clock',
      'client',
      'redirect',
      'scope',
    ]);
    const failing = async (oidc: object) =>
      (await test(oidc)).checks.find(({ name, result }) => result === 'failed' && name !== 'clock');
    expect(await failing({ ...draft, client_secret: 'wrong-secret-of-tests-0123456789' })).toMatchObject({
      name: 'client',
      message: expect.stringContaining('secret'),
    });
    expect(await failing({ ...draft, endpoint: `${idp.issuer}/elsewhere` })).toMatchObject({ name: 'discovery' });
    expect(await failing({ ...draft, endpoint: 'http://127.0.0.1:9' })).toMatchObject({ name: 'discovery' });
    expect(await failing({ ...draft, group_filter: '(' })).toMatchObject({ name: 'group-filter' });
    expect((await call('POST', '/system/oidc/ping', { url: idp.issuer, verify_cert: true })).status).toBe(200);
    expect((await call('POST', '/system/oidc/ping', { url: `${idp.issuer}/no`, verify_cert: true })).status).toBe(502);
    for (const url of ['', 'provider', '//idp.example.com', 'ftp://idp.example.com', 'https://u:p@idp.example.com']) {
      expect((await call('POST', '/system/oidc/ping', { url })).status, url).toBe(400);
    }
  });

  it('tries a sign-in with settings that are not saved: it shows the claims and signs nobody in', async () => {
    const browser = browserOf('sub-ada');
    await browser.send('POST', '/c/login', { json: { principal: 'admin', password: ADMIN_PASSWORD } });
    const cookies = [...(browser.cookies.get(core.url) ?? [])].filter(([name]) => name.includes('sid'));
    const oidc = {
      endpoint: idp.issuer,
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
      groups_claim: 'groups',
      user_claim: 'upn',
    };
    const started = await browser.send('POST', '/api/v2.0/identity-sources/test-logins', { json: { oidc } });
    const { id, url } = (await started.json()) as { id: string; url: string };
    const result = async () =>
      (await (await browser.send('GET', `/api/v2.0/identity-sources/test-logins/${id}`)).json()) as Record<
        string,
        unknown
      >;
    expect(await result()).toMatchObject({ state: 'waiting' });
    expect((await browser.go(url)).status).toBe(200);
    expect(await result()).toMatchObject({
      state: 'passed',
      claims: { sub: 'sub-ada', preferred_username: 'ada' },
      outcome: { username: null, groups: ['dev', 'tmp-x'], problems: [expect.stringContaining('upn')] },
      refreshable: true,
    });
    expect([...(browser.cookies.get(core.url) ?? [])].filter(([name]) => name.includes('sid'))).toEqual(cookies);
    const tried = await call('POST', '/identity-sources/try-claims', {
      oidc: { user_claim: 'upn', groups_claim: 'roles', admin_group: 'boss', group_filter: '^b' },
      claims: { upn: 'a b', roles: ['boss', 'x'] },
    });
    expect(JSON.parse(tried.text)).toMatchObject({ username: 'a_b', groups: ['boss'], is_admin: true, problems: [] });
  });

  it('AUTH-3 several providers at once; one that is removed ends its sessions', async () => {
    const second = await startTestIdentityProvider({
      callbacks: [`${core.url}/c/oidc/callback`],
      people: { 'sub-ada': { preferred_username: 'ada' } },
    });
    const oidc = {
      endpoint: second.issuer,
      client_id: second.clientId,
      client_secret: second.clientSecret,
      auto_onboard: true,
    };
    const created = await call('POST', '/identity-sources', { kind: 'oidc', name: 'Partner', position: 1, oidc });
    const id = Number(created.headers.get('location')?.split('/').pop());
    const options = (await (await fetch(`${core.url}/api/v2.0/signin-options`)).json()) as { sources: object[] };
    expect(options.sources).toMatchObject([
      { name: 'corp' },
      { name: 'Partner', login_url: `/c/oidc/login?source=${id}` },
    ]);
    // S29: the same subject of another issuer is somebody else, and the name is taken.
    const browser = new SsoBrowser(core);
    expect((await browser.signIn(id)).url.pathname).toBe('/onboard');
    await browser.send('POST', '/c/oidc/onboard', { json: { username: 'partner-ada' } });
    expect(await browser.currentUser()).toMatchObject({ username: 'partner-ada' });
    expect((await call('DELETE', `/identity-sources/${id}`)).status).toBe(200);
    expect(await browser.currentUser()).toBeNull();
    expect((await browser.send('GET', `/c/oidc/login?source=${id}`)).status).toBe(404);
    await second.stop();
  });
});
