import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HostileProvider, type Misdeed, startHostileProvider } from '@moorage/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const SECRET = 'Chosen-secret-1';

describe('what a source said counts as long as it may speak', () => {
  let core: TestCore;
  let idp: HostileProvider;
  let partner: HostileProvider;
  const ids = { corp: 0, partner: 0 };

  const call = (method: string, path: string, body?: unknown) => callApi(core, ADMIN, method, path, body);
  const addSource = async (name: string, provider: HostileProvider): Promise<number> => {
    const oidc = {
      endpoint: provider.issuer,
      client_id: provider.clientId,
      client_secret: provider.clientSecret,
      auto_onboard: true,
      groups_claim: 'groups',
      admin_group: 'registry-admins',
    };
    const created = await call('POST', '/identity-sources', { kind: 'oidc', name, oidc });
    expect(created.status).toBe(201);
    return Number(created.headers.get('location')?.split('/').pop());
  };
  const setEnabled = async (enabled: boolean) =>
    expect((await call('PUT', `/identity-sources/${ids.corp}`, { enabled })).status).toBe(200);
  /** A person as the provider tells of him, with a refresh token. */
  const person = (claims: Record<string, unknown>): Misdeed => ({
    idToken: (given) => ({ ...given, ...claims }),
    userInfo: (given) => ({ ...given, ...claims }),
    tokens: (answer) => ({ ...answer, refresh_token: 'refresh-of-tests' }),
  });
  const arrive = async (browser: SsoBrowser, claims: Record<string, unknown>): Promise<string> => {
    idp.misdeed = person(claims);
    return (await browser.signIn(ids.corp)).url.pathname;
  };
  const isThere = async (name: string) =>
    (await call('GET', `/users/search?username=${name}`)).text.includes(`"${name}"`);
  const isLapsed = async (name: string) =>
    (await core.database.query('select 1 from users where username = $1 and lapsed_at is not null', [name])).length > 0;
  const statusOf = async (name: string) =>
    (await callApi(core, { name, password: SECRET }, 'GET', '/users/current')).status;

  /** Lets the provider answer a path only when told to. */
  function hold(path: string, answer: (response: ServerResponse) => void) {
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const respond = (_request: IncomingMessage, response: ServerResponse): void => {
      reached.resolve();
      void released.promise.then(() => answer(response));
    };
    return { answer: { [path]: respond }, reached: reached.promise, release: released.resolve };
  }
  const telling =
    (body: object, status = 200) =>
    (response: ServerResponse) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const ACCESS = { access_token: 'access-of-tests', token_type: 'Bearer', expires_in: 300 };

  /** Somebody who signed in and set a CLI secret. */
  async function newcomer(name: string): Promise<Record<string, unknown>> {
    const claims = { sub: `sub-${name}`, preferred_username: name, groups: [] };
    const browser = new SsoBrowser(core);
    expect(await arrive(browser, claims)).toBe('/projects');
    const user = await browser.currentUser();
    const path = `/api/v2.0/users/${String(user?.user_id)}/cli_secret`;
    expect((await browser.send('PUT', path, { json: { secret: SECRET } })).status).toBe(200);
    expect(await statusOf(name)).toBe(200);
    return claims;
  }

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    [idp, partner] = await Promise.all([startHostileProvider(), startHostileProvider()]);
    ids.corp = await addSource('corp', idp);
    ids.partner = await addSource('partner', partner);
  });

  // So that a test that fails takes no other one with it.
  afterEach(async () => {
    idp.misdeed = {};
    await call('PUT', `/identity-sources/${ids.corp}`, { enabled: true });
  });

  afterAll(async () => {
    await Promise.all([idp.stop(), partner.stop()]);
    await core.stop();
  });

  it('S11 S33 an answer that was under way when the source was disabled revives no account', async () => {
    const ways = {
      confirmed: { minutes: 16, held: (claims: object) => hold('/userinfo', telling(claims)) },
      // After an hour without an answer groups and rank are withheld.
      silent: { minutes: 76, held: () => hold('/token', telling({}, 500)) },
    };
    for (const [name, { minutes, held }] of Object.entries(ways)) {
      const claims = await newcomer(name);
      core.clock.advanceMinutes(minutes);
      const { answer, reached, release } = held(claims);
      const token = (_request: IncomingMessage, response: ServerResponse) => telling(ACCESS)(response);
      idp.misdeed = { answer: { '/token': token, ...answer } };
      const pending = statusOf(name);
      await reached;
      await setEnabled(false);
      release();
      expect(await pending, name).toBe(401);
      expect(await isLapsed(name), name).toBe(true);
      await setEnabled(true);
      idp.misdeed = {};
      expect(await statusOf(name), name).toBe(401);
      // The positive control: the owner signs in, and an answer under way counts while the source may speak.
      expect(await arrive(new SsoBrowser(core), claims)).toBe('/projects');
      expect(await statusOf(name), name).toBe(200);
      core.clock.advanceMinutes(16);
      const again = hold('/userinfo', telling(claims));
      idp.misdeed = { answer: { '/token': token, ...again.answer } };
      const second = statusOf(name);
      await again.reached;
      again.release();
      expect(await second, name).toBe(200);
    }
  });

  it('S11 S27 a sign-in that was under way when the source was disabled lets nobody in and makes nobody', async () => {
    const known = await newcomer('returning');
    for (const claims of [known, { sub: 'sub-late', preferred_username: 'late', groups: [] }]) {
      const name = claims.preferred_username as string;
      const browser = new SsoBrowser(core);
      idp.misdeed = person(claims);
      const callback = await browser.callback(ids.corp);
      const { answer, reached, release } = hold('/userinfo', telling(claims));
      idp.misdeed = { ...person(claims), answer };
      const pending = browser.send('GET', callback.href);
      await reached;
      await setEnabled(false);
      release();
      expect((await pending).status, name).toBe(400);
      expect(await browser.currentUser(), name).toBeNull();
      expect([await isThere(name), await isLapsed(name)]).toEqual(claims === known ? [true, true] : [false, false]);
      await setEnabled(true);
      expect(await arrive(browser, claims), name).toBe('/projects');
      expect(await browser.currentUser(), name).toMatchObject({ username: name });
    }
  });

  it('S31 a proof that waits for a name is not taken over, and makes one account in one browser', async () => {
    // The name is taken, so that another one must be chosen.
    const claims = { sub: 'sub-chooser', preferred_username: 'admin', groups: ['registry-admins'] };
    const [browser, other] = [new SsoBrowser(core), new SsoBrowser(core)];
    const choose = async (by: SsoBrowser, username: string) =>
      (await by.send('POST', '/c/oidc/onboard', { json: { username } })).status;
    const look = (by: SsoBrowser) => by.send('GET', '/c/oidc/onboard');
    for (const by of [browser, other]) expect(await arrive(by, claims)).toBe('/onboard');
    expect(await choose(browser, 'chooser')).toBe(200);
    expect(await browser.currentUser()).toMatchObject({ username: 'chooser', admin_role_in_auth: true });
    expect(await arrive(browser, { ...claims, groups: [] })).toBe('/projects');
    const waiting = await look(other);
    expect([waiting.status, await waiting.json()]).toEqual([200, expect.objectContaining({ username: 'admin' })]);
    expect(await browser.currentUser()).toMatchObject({ username: 'chooser', admin_role_in_auth: false });
    expect([await choose(other, 'second'), await isThere('second')]).toEqual([409, false]);
    const shared = new SsoBrowser(core);
    for (const sub of ['sub-shared-1', 'sub-shared-2'])
      expect(await arrive(shared, { ...claims, sub, groups: [] })).toBe('/onboard');
    expect((await look(shared)).status).toBe(200);
    expect([await choose(shared, 'shared'), (await look(shared)).status]).toEqual([200, 404]);
  });

  it('S31 S52 roles of the groups of the first source end with it, and the next source inherits none', async () => {
    const give = async (project: string, source?: number) => {
      await call('POST', '/projects', { project_name: project, metadata: { public: 'false' } });
      const group = { group_name: 'keepers', group_type: 3, ...(source === undefined ? {} : { source_id: source }) };
      const added = await call('POST', `/projects/${project}/members`, { role_id: 1, member_group: group });
      expect(added.status).toBe(201);
    };
    await give('of-first');
    await give('of-partner', ids.partner);
    const open = async (browser: SsoBrowser) =>
      Promise.all(
        ['of-first', 'of-partner'].map(
          async (project) => (await browser.send('GET', `/api/v2.0/projects/${project}`)).status,
        ),
      );
    const first = new SsoBrowser(core);
    await arrive(first, { sub: 'sub-keeper', preferred_username: 'keeper', groups: ['keepers'] });
    expect(await open(first)).toEqual([200, 403]);
    partner.misdeed = person({ sub: 'sub-partner', preferred_username: 'stranger', groups: ['keepers'] });
    const second = new SsoBrowser(core);
    await second.signIn(ids.partner);
    expect(await open(second)).toEqual([403, 200]);
    expect((await call('DELETE', `/identity-sources/${ids.corp}`)).status).toBe(200);
    expect(await first.currentUser()).toBeNull();
    core.clock.advanceMinutes(1);
    await second.signIn(ids.partner);
    expect(await open(second)).toEqual([403, 200]);
    const members = JSON.parse((await call('GET', '/projects/of-first/members')).text) as { entity_type: string }[];
    expect(members.filter(({ entity_type: type }) => type === 'g')).toEqual([]);
  });
});
