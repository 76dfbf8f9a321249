import {
  freePort,
  type HostileProvider,
  startHostileProvider,
  startTestIdentityProvider,
  type TestIdentityProvider,
} from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { authorization, fetchToken, pushImage, withToken } from './support/registry.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const SCOPE = 'repository:kept/app:pull,push';
const MAINTAINER = 4;
const WAY_BACK = 'sign in again at your identity provider';

interface Secret {
  readonly name: string;
  readonly password: string;
}

/** Somebody who signed in through a provider and made every credential he can. */
interface Person {
  readonly name: string;
  readonly browser: SsoBrowser;
  readonly cli: Secret;
  readonly token: Secret;
}

describe('accounts their provider has not confirmed for an hour', () => {
  let core: TestCore;
  let silent: TestIdentityProvider;
  let talking: TestIdentityProvider;
  let hostile: HostileProvider;
  const ids = { silent: 0, talking: 0, hostile: 0 };
  const call = (method: string, path: string, body?: unknown) => callApi(core, ADMIN, method, path, body);

  async function addSource(name: keyof typeof ids, idp: TestIdentityProvider | HostileProvider, scope: string) {
    const oidc = {
      endpoint: idp.issuer,
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
      scope,
      auto_onboard: true,
      extra_redirect_parms: '{"prompt":"login"}',
    };
    const added = await call('POST', '/identity-sources', { kind: 'oidc', name, oidc });
    expect(added.status, added.text).toBe(201);
    const listed = JSON.parse((await call('GET', '/identity-sources')).text) as { id: number; name: string }[];
    ids[name] = listed.find((source) => source.name === name)?.id ?? 0;
  }

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_PORT: String(await freePort()), MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    const callbacks = [`${core.url}/c/oidc/callback`];
    [silent, talking, hostile] = await Promise.all([
      startTestIdentityProvider({ callbacks, issuesRefreshTokens: false }),
      startTestIdentityProvider({ callbacks }),
      startHostileProvider(),
    ]);
    await addSource('silent', silent, 'openid,profile,email');
    await addSource('talking', talking, 'openid,profile,email,offline_access');
    await addSource('hostile', hostile, 'openid,profile,email');
    await call('POST', '/projects', { project_name: 'kept', metadata: { public: 'false' } });
    await pushImage(core, ADMIN, 'kept/app', 'v1');
  });
  afterAll(async () => {
    await Promise.all([silent.stop(), talking.stop(), hostile.stop()]);
    await core.stop();
  });

  async function enter(name: string, idp: TestIdentityProvider, source: number): Promise<SsoBrowser> {
    idp.people.set(name, { preferred_username: name });
    idp.current = name;
    const browser = new SsoBrowser(core);
    expect((await browser.signIn(source)).url.pathname).toBe('/projects');
    expect(await browser.currentUser()).toMatchObject({ username: name });
    return browser;
  }

  /** Enters, with a role of his own in the project, and makes a CLI secret and a personal token. */
  async function newcomer(name: string, idp: TestIdentityProvider, source: number): Promise<Person> {
    const browser = await enter(name, idp, source);
    const member = { role_id: MAINTAINER, member_user: { username: name } };
    expect((await call('POST', '/projects/kept/members', member)).status).toBe(201);
    const path = `/api/v2.0/users/${String((await browser.currentUser())?.user_id)}/cli_secret`;
    const { secret } = (await (await browser.send('PUT', path, { json: {} })).json()) as { secret: string };
    const made = await browser.send('POST', '/api/v2.0/users/current/tokens', { json: { name: 'laptop' } });
    const { token } = (await made.json()) as { token: string };
    return { name, browser, cli: { name, password: secret }, token: { name, password: token } };
  }

  /** What each door answers: API by both credentials and as Bearer, /v2 and the token service. */
  async function doors({ cli, token }: Pick<Person, 'cli' | 'token'>) {
    const answers = await Promise.all([
      fetch(`${core.url}/api/v2.0/projects/kept`, { headers: authorization(cli) }),
      fetch(`${core.url}/api/v2.0/projects/kept`, { headers: authorization(token) }),
      fetch(`${core.url}/api/v2.0/projects/kept`, { headers: { authorization: `Bearer ${token.password}` } }),
      fetch(`${core.url}/v2/kept/app/manifests/v1`, { headers: authorization(cli) }),
      fetch(`${core.url}/v2/kept/app/manifests/v1`, { headers: authorization(token) }),
      fetch(`${core.url}/service/token?service=harbor-registry&scope=${SCOPE}`, { headers: authorization(cli) }),
      fetch(`${core.url}/service/token?service=harbor-registry&scope=${SCOPE}`, { headers: authorization(token) }),
    ]);
    return Promise.all(answers.map(async (answer) => ({ status: answer.status, text: await answer.text() })));
  }
  const statuses = async (person: Pick<Person, 'cli' | 'token'>) => [
    ...new Set((await doors(person)).map(({ status }) => status)),
  ];
  async function expectShut(person: Person): Promise<void> {
    for (const { status, text } of await doors(person)) {
      expect(status, text).toBe(401);
      expect(text).toContain(WAY_BACK);
    }
  }
  const refusals = async (name: string) => {
    const rows = await core.database.query<{ description: string }>(
      `select payload #>> '{audit,description}' as description from outbox_events
       where name = 'login.failed' and payload #>> '{audit,resource}' = $1 order by id`,
      [name],
    );
    return rows.map(({ description }) => description);
  };
  const pull = async (token: string) => (await withToken(core, token, 'GET', '/v2/kept/app/manifests/v1')).status;
  const push = async (token: string) => (await withToken(core, token, 'POST', '/v2/kept/app/blobs/uploads/')).status;

  it('S11 S31 S33 without a refresh token, secrets and registry tokens end after the hour and work again after a sign-in', async () => {
    const person = await newcomer('quiet', silent, ids.silent);
    core.clock.advanceMinutes(40);
    expect(await statuses(person)).toEqual([200]);
    const tokens = [await fetchToken(core, person.cli, [SCOPE]), await fetchToken(core, person.token, [SCOPE])];
    for (const { token } of tokens) expect([await pull(token), await push(token)]).toEqual([200, 202]);
    // Somebody was removed at the provider, which has no way to tell.
    silent.people.delete('quiet');
    core.clock.advanceMinutes(21);
    await expectShut(person);
    for (const { token } of tokens) expect([await pull(token), await push(token)]).toEqual([401, 401]);
    // Local accounts and sessions go on, and what he may not use is no wrong guess that would lock him out.
    expect((await call('GET', '/projects/kept')).status).toBe(200);
    for (let turn = 0; turn < 20; turn++) expect(await statuses(person)).toEqual([401]);
    // The log tells it, and is not filled by programs that go on trying.
    expect(await refusals('quiet')).toEqual([
      'failed sign-in as quiet: the identity source has not confirmed the account for an hour',
    ]);

    const again = await enter('quiet', silent, ids.silent);
    expect(await statuses(person)).toEqual([200]);
    core.clock.advanceMinutes(0.1);
    for (const { token } of tokens) expect([await pull(token), await push(token)]).toEqual([200, 202]);
    expect((await again.send('GET', '/api/v2.0/projects/kept')).status).toBe(200);
  });

  it('S33 a session goes on by its own limits, and robots made by such an account live on', async () => {
    const person = await newcomer('maker', silent, ids.silent);
    const robot = {
      name: 'builder',
      level: 'project',
      duration: -1,
      permissions: [{ kind: 'project', namespace: 'kept', access: [{ resource: 'repository', action: 'pull' }] }],
    };
    const made = await call('POST', '/robots', robot);
    const { name, secret } = JSON.parse(made.text) as { name: string; secret: string };
    for (let step = 0; step < 4; step++) {
      core.clock.advanceMinutes(16);
      expect((await person.browser.send('GET', '/api/v2.0/projects/kept')).status).toBe(200);
    }
    await expectShut(person);
    expect((await fetchToken(core, { name, password: secret }, ['repository:kept/app:pull'])).access).toHaveLength(1);
    expect((await person.browser.send('GET', '/api/v2.0/projects/kept')).status).toBe(200);
  });

  it('S11 S31 S33 so it is when the provider cannot be reached; its answer or a sign-in ends it', async () => {
    const person = await newcomer('cut-off', talking, ids.talking);
    const setEndpoint = (endpoint: string) =>
      core.database.query(
        `update identity_sources set settings = jsonb_set(settings, '{endpoint}', to_jsonb($2::text)) where id = $1`,
        [ids.talking, endpoint],
      );
    core.clock.advanceMinutes(61);
    // While the provider answers, time alone ends nothing.
    expect(await statuses(person)).toEqual([200]);
    await setEndpoint('http://127.0.0.1:9');
    core.clock.advanceMinutes(30);
    expect(await statuses(person)).toEqual([200]);
    const { token } = await fetchToken(core, person.token, [SCOPE]);
    expect(await push(token)).toBe(202);
    core.clock.advanceMinutes(31 - 2);
    expect(await pull(token)).toBe(200);
    core.clock.advanceMinutes(2);
    await expectShut(person);
    expect([await pull(token), await push(token)]).toEqual([401, 401]);
    await setEndpoint(talking.issuer);
    core.clock.advanceMinutes(2);
    expect(await statuses(person)).toEqual([200]);

    await setEndpoint('http://127.0.0.1:9');
    core.clock.advanceMinutes(61);
    await expectShut(person);
    await setEndpoint(talking.issuer);
    // The settings are read again within two seconds; the account is not asked about again before a minute.
    core.clock.advanceMinutes(0.1);
    await enter('cut-off', talking, ids.talking);
    expect(await statuses(person)).toEqual([200]);
  });

  it('S33 an ID token from before counts as little', async () => {
    const browser = new SsoBrowser(core);
    await browser.signIn(ids.hostile);
    expect(await browser.currentUser()).not.toBeNull();
    const at = core.clock.now().getTime() / 1000;
    const idToken = await hostile.idToken({ iat: Math.floor(at), exp: Math.floor(at) + 4 * 3600 });
    const use = async () => {
      const answer = await fetch(`${core.url}/api/v2.0/users/current`, {
        headers: { authorization: `Bearer ${idToken}` },
      });
      return { status: answer.status, text: await answer.text() };
    };
    expect((await use()).status).toBe(200);
    core.clock.advanceMinutes(61);
    expect(await use()).toMatchObject({ status: 401, text: expect.stringContaining(WAY_BACK) });
    await new SsoBrowser(core).signIn(ids.hostile);
    expect((await use()).status).toBe(200);
  });
});
