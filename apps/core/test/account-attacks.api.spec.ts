import { createUser, getUser, updateUserProfile } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from './support/browser.ts';
import { fetchToken, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

describe('accounts and passwords', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });

  afterAll(() => core.stop());

  const send = (method: string, path: string, authorization: string, body?: unknown): Promise<Response> =>
    fetch(`${core.url}/api/v2.0${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const admin = basic('admin', ADMIN_PASSWORD);
  const me = async (authorization: string): Promise<Record<string, unknown>> =>
    (await (await send('GET', '/users/current', authorization)).json()) as Record<string, unknown>;
  const account = (username: string, extra: object = {}) => ({
    username,
    email: `${username}@example.com`,
    realname: username,
    password: USER_PASSWORD,
    comment: '',
    ...extra,
  });

  it('S1 nothing but the named fields of a new account is taken', async () => {
    const extras = [
      { has_admin_role: true },
      { role_id: 1 },
      { user_id: 1 },
      { salt: 'x' },
      { password_version: 'x' },
      { is_sysadmin: true },
      { credential_version: 9 },
    ];
    for (const [index, extra] of extras.entries()) {
      const answer = await send('POST', '/users', admin, account(`mass${index}`, extra));
      expect(answer.status, JSON.stringify(extra)).toBeGreaterThanOrEqual(400);
    }
    const duplicate = JSON.stringify(account('twice')).replace('{', '{"sysadmin_flag":true,"sysadmin_flag":false,');
    expect((await send('POST', '/users', admin, duplicate)).status).toBe(400);
    const dropped = await send('POST', '/users?sysadmin_flag=true', admin, account('query'));
    expect(dropped.status).toBe(400);
    // Harbor's own clients send the flag along; it is dropped.
    for (const [index, flag] of [true, { value: true }, 'true'].entries()) {
      await send('POST', '/users', admin, account(`flagged${index}`, { sysadmin_flag: flag }));
      expect(await me(basic(`flagged${index}`, USER_PASSWORD))).toMatchObject({ sysadmin_flag: false });
    }
  });

  it('S2 a user changes neither others nor his own rank', async () => {
    const developer = scene.members.developer.client;
    const { user_id: own } = (await me(basic(scene.members.developer.name, USER_PASSWORD))) as { user_id: number };
    const profile = { email: 'stolen@example.com', realname: 'x', comment: '' };
    await expect(developer.call(updateUserProfile, { params: { user_id: 1 }, body: profile })).rejects.toMatchObject({
      status: 403,
    });
    const authorization = basic(scene.members.developer.name, USER_PASSWORD);
    expect((await send('PUT', `/users/${own}/sysadmin`, authorization, { sysadmin_flag: true })).status).toBe(403);
    expect((await send('PUT', `/users/${own}`, authorization, { ...profile, sysadmin_flag: true })).status).toBe(422);
    expect((await core.admin.call(getUser, { params: { user_id: 1 } })).data).toMatchObject({
      email: 'admin@example.com',
    });
    await developer.call(updateUserProfile, {
      params: { user_id: own },
      body: { email: 'own@example.com', realname: 'Own', comment: '' },
    });
    expect(await me(authorization)).toMatchObject({ email: 'own@example.com', sysadmin_flag: false });
  });

  it('S4 a wrong password and an unknown name are answered alike, at every door', async () => {
    const answers = async (name: string): Promise<unknown[]> => {
      const responses = await Promise.all([
        send('GET', '/users/current', basic(name, 'Wrong-Passw0rd')),
        fetch(`${core.url}/v2/`, { headers: { authorization: basic(name, 'Wrong-Passw0rd') } }),
        fetch(`${core.url}/service/token?service=harbor-registry`, {
          headers: { authorization: basic(name, 'Wrong-Passw0rd') },
        }),
        new Browser(core).signIn(name, 'Wrong-Passw0rd'),
      ]);
      return Promise.all(
        responses.map(async (response) => ({
          status: response.status,
          body: await response.text(),
          challenge: response.headers.get('www-authenticate'),
        })),
      );
    };
    expect(await answers('the-guest')).toEqual(await answers('no-such-user'));
  });

  it('S5 guessing one name from one address soon stops, and others are not locked out', async () => {
    await core.admin.call(createUser, { body: account('victim') });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 14; attempt++)
      statuses.push((await send('GET', '/users/current', basic('victim', `Guess-${attempt}-Passw0rd`))).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    const limited = await send('GET', '/users/current', basic('victim', 'Guess-again-Passw0rd'));
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send('GET', '/users/current', basic('the-maintainer', USER_PASSWORD))).status).toBe(200);
  });

  it('S6 only the exact password works', async () => {
    const password = `Aa1-${'x'.repeat(96)}é`;
    await core.admin.call(createUser, { body: account('exact', { password }) });
    const right = await send('GET', '/users/current', basic('exact', password));
    expect(right.status).toBe(200);
    for (const wrong of [
      password.slice(0, 72),
      password.slice(0, 73),
      password.slice(0, 99),
      password.toUpperCase(),
      `${password} `,
      password.normalize('NFD'),
      `${password}\0`,
    ]) {
      expect([401, 400], wrong).toContain((await send('GET', '/users/current', basic('exact', wrong))).status);
    }
    expect(
      (await send('POST', '/users', admin, account('toolong', { password: `Aa1${'x'.repeat(2_000)}` }))).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('S9 S11 a changed password and a demoted administrator take effect with the next request', async () => {
    const { id, client } = await core.createUser('fading');
    expect((await send('GET', '/users/current', basic('fading', USER_PASSWORD))).status).toBe(200);
    await send('PUT', `/users/${id}/sysadmin`, admin, { sysadmin_flag: true });
    expect((await send('GET', '/users', basic('fading', USER_PASSWORD))).status).toBe(200);
    await send('PUT', `/users/${id}/sysadmin`, admin, { sysadmin_flag: false });
    expect((await send('GET', '/users', basic('fading', USER_PASSWORD))).status).toBe(403);
    await send('PUT', `/users/${id}/password`, admin, { new_password: 'Changed-Passw0rd-1' });
    expect((await send('GET', '/users/current', basic('fading', USER_PASSWORD))).status).toBe(401);
    expect(client).toBeDefined();
  });

  it("S11 a deleted user's session, password and registry token are worth nothing", async () => {
    const { id } = await core.createUser('leaving');
    const browser = new Browser(core);
    await browser.signIn('leaving', USER_PASSWORD);
    const { token } = await fetchToken(core, { name: 'leaving', password: USER_PASSWORD }, ['repository:pub/app:pull']);
    expect((await withToken(core, token, 'GET', '/v2/pub/app/manifests/v1')).status).toBe(200);
    expect((await send('DELETE', `/users/${id}`, admin)).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await send('GET', '/users/current', basic('leaving', USER_PASSWORD))).status).toBe(401);
    core.clock.advanceMinutes(0.1);
    expect((await withToken(core, token, 'GET', '/v2/pub/app/manifests/v1')).status).toBe(401);
  });

  it('S12 the own password is only changed with the old one', async () => {
    const { id } = await core.createUser('careful');
    const authorization = basic('careful', USER_PASSWORD);
    expect(
      (
        await send('PUT', `/users/${id}/password`, authorization, {
          old_password: 'Not-The-0ld-one',
          new_password: 'Brand-New-Passw0rd',
        })
      ).status,
    ).toBe(403);
    expect(
      (await send('PUT', `/users/${id}/password`, authorization, { new_password: 'Brand-New-Passw0rd' })).status,
    ).toBe(403);
    expect(
      (
        await send('PUT', `/users/${id}/password`, authorization, {
          old_password: USER_PASSWORD,
          new_password: 'short',
        })
      ).status,
    ).toBe(400);
    expect(
      (
        await send('PUT', `/users/${id}/password`, authorization, {
          old_password: USER_PASSWORD,
          new_password: 'Brand-New-Passw0rd',
        })
      ).status,
    ).toBe(200);
  });

  it('S13 a flood of wrong passwords is shed, and robots do not feel it', async () => {
    const flood = Array.from({ length: 200 }, (_, index) =>
      send('GET', '/users/current', basic(`flood${index}`, 'Wrong-Passw0rd')).then(({ status }) => status),
    );
    const pulls = Array.from({ length: 10 }, () =>
      fetch(`${core.url}/v2/priva/app/manifests/v1`, {
        headers: { authorization: basic(scene.pullRobot.name, scene.pullRobot.credentials?.password ?? '') },
      }).then(({ status }) => status),
    );
    expect(new Set(await Promise.all(pulls))).toEqual(new Set([200]));
    const statuses = new Set(await Promise.all(flood));
    expect([...statuses].every((status) => status === 401 || status === 429 || status === 503)).toBe(true);
    expect(statuses.has(429) || statuses.has(503)).toBe(true);
  });
});
