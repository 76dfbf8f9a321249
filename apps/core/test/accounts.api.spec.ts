import {
  createProject,
  createRobot,
  deleteRobot,
  getChecklist,
  getConfigurations,
  getCurrentUserInfo,
  getCurrentUserPermissions,
  getPermissions,
  getRobot,
  listRobots,
  listUsers,
  refreshRobotSecret,
  searchUsers,
  updateConfigurations,
  updateRobot,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

let core: TestCore;

beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

function send(
  method: string,
  path: string,
  options: { json?: unknown; form?: Record<string, string>; headers?: object } = {},
) {
  const { json, form } = options;
  return fetch(core.url + path, {
    method,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
    body: form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json),
  });
}

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
const csrfOf = (response: Response) => response.headers.get('x-harbor-csrf-token') ?? '';
const signIn = (principal: string, password: string) => send('POST', '/c/login', { form: { principal, password } });
const currentUser = (cookie: string) => send('GET', '/api/v2.0/users/current', { headers: { cookie } });

describe('sign-in', () => {
  it('starts a session from a form or JSON, and says who is signed in', async () => {
    const byForm = await signIn('admin', ADMIN_PASSWORD);
    expect([byForm.status, await byForm.text()]).toEqual([200, '']);
    expect(await (await currentUser(cookieOf(byForm))).json()).toMatchObject({
      username: 'admin',
      sysadmin_flag: true,
    });
    const byJson = await send('POST', '/c/login', { json: { principal: 'admin', password: ADMIN_PASSWORD } });
    expect((await currentUser(cookieOf(byJson))).status).toBe(200);
    const wrong = await signIn('admin', 'Wrong-passw0rd');
    expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([401, []]);
  });

  it('S12 changes the password of the session that asks and ends the others', async () => {
    const { id } = await core.createUser('changer');
    const [mine, other] = [await signIn('changer', USER_PASSWORD), await signIn('changer', USER_PASSWORD)];
    const change = (body: object) =>
      send('PUT', `/api/v2.0/users/${id}/password`, {
        json: body,
        headers: { cookie: cookieOf(mine), 'x-harbor-csrf-token': csrfOf(mine) },
      });
    expect((await change({ new_password: 'Changed-passw0rd' })).status).toBe(403);
    expect((await change({ old_password: 'Wrong-passw0rd', new_password: 'Changed-passw0rd' })).status).toBe(403);
    expect((await change({ old_password: USER_PASSWORD, new_password: 'short' })).status).toBe(400);
    const changed = await change({ old_password: USER_PASSWORD, new_password: 'Changed-passw0rd' });
    expect(changed.status).toBe(200);
    expect((await currentUser(cookieOf(changed))).status).toBe(200);
    for (const former of [mine, other]) expect((await currentUser(cookieOf(former))).status).toBe(401);
    expect((await signIn('changer', USER_PASSWORD)).status).toBe(401);
    expect((await signIn('changer', 'Changed-passw0rd')).status).toBe(200);
  });

  it("S3 S12 lets a password somebody else chose do one thing in the portal: choose one's own", async () => {
    const { id } = await core.createUser('newcomer');
    await send('PUT', `/api/v2.0/users/${id}/password`, {
      json: { new_password: 'Chosen-by-admin-1' },
      headers: { authorization: basic('admin', ADMIN_PASSWORD) },
    });
    const session = await signIn('newcomer', 'Chosen-by-admin-1');
    const create = (by: Response, name: string) =>
      send('POST', '/api/v2.0/projects', {
        json: { project_name: name },
        headers: { cookie: cookieOf(by), 'x-harbor-csrf-token': csrfOf(by) },
      });
    expect(await (await currentUser(cookieOf(session))).json()).toMatchObject({ must_change_password: true });
    expect((await create(session, 'too-early')).status).toBe(403);
    const changed = await send('PUT', `/api/v2.0/users/${id}/password`, {
      json: { old_password: 'Chosen-by-admin-1', new_password: 'Chosen-by-me-1' },
      headers: { cookie: cookieOf(session), 'x-harbor-csrf-token': csrfOf(session) },
    });
    expect((await create(changed, 'in-time')).status).toBe(201);
  });

  it("S12 lets programs do one thing with a password an administrator set: choose one's own", async () => {
    const { id } = await core.createUser('reset-user');
    const password = `/api/v2.0/users/${id}/password`;
    const given = { authorization: basic('reset-user', 'Chosen-by-admin-1') };
    const own = { authorization: basic('reset-user', 'Chosen-by-me-1') };
    const byAdmin = {
      json: { new_password: 'Chosen-by-admin-1' },
      headers: { authorization: basic('admin', ADMIN_PASSWORD) },
    };
    expect((await send('PUT', password, byAdmin)).status).toBe(200);
    const statuses = async (headers: { authorization: string }, secret: string, name: string) => {
      const form = { grant_type: 'password', service: 'harbor-registry', username: 'reset-user', password: secret };
      const answers = [
        await send('GET', '/api/v2.0/users/current', { headers }),
        await send('POST', '/api/v2.0/projects', { json: { project_name: name }, headers }),
        await send('POST', '/api/v2.0/users/current/tokens', { json: { name }, headers }),
        await send('GET', '/service/token?service=harbor-registry&offline_token=true', { headers }),
        await send('POST', '/service/token', { form }),
        await send('GET', '/v2/', { headers }),
      ];
      return answers.map((answer) => answer.status);
    };
    expect(await statuses(given, 'Chosen-by-admin-1', 'reset-early')).toEqual([200, 403, 403, 401, 401, 401]);
    const refused = await send('GET', '/service/token?service=harbor-registry', { headers: given });
    expect(await refused.text()).toContain('choose your own');
    const change = { old_password: 'Chosen-by-admin-1', new_password: 'Chosen-by-me-1' };
    expect((await send('PUT', password, { json: change, headers: given })).status).toBe(200);
    expect(await statuses(own, 'Chosen-by-me-1', 'reset-in-time')).toEqual([200, 201, 201, 200, 200, 200]);
  });

  it('S3 S12 takes the password printed at the first start for work, and for no further credentials', async () => {
    const headers = { authorization: basic('admin', ADMIN_PASSWORD) };
    const statuses = async (name: string) => {
      const answers = [
        await send('POST', '/api/v2.0/projects', { json: { project_name: name }, headers }),
        await send('GET', '/service/token?service=harbor-registry', { headers }),
        await send('POST', '/api/v2.0/users/current/tokens', { json: { name }, headers }),
      ];
      return answers.map((answer) => answer.status);
    };
    // What the first start leaves when it has to make up a password.
    await core.database.query('update users set must_change_password = true where id = 1');
    try {
      expect(await statuses('first-printed')).toEqual([201, 200, 403]);
    } finally {
      await core.database.query('update users set must_change_password = false where id = 1');
    }
    expect(await statuses('first-own')).toEqual([201, 200, 201]);
  });

  it('S37 refuses what another site makes a browser send with a password it kept', async () => {
    const create = (name: string, origin: object) =>
      send('POST', '/api/v2.0/projects', {
        json: { project_name: name },
        headers: { authorization: basic('admin', ADMIN_PASSWORD), ...origin },
      });
    expect((await create('forged', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await create('of-our-page', { origin: core.url })).status).toBe(201);
    expect((await create('of-a-program', {})).status).toBe(201);
  });

  it('S1 AUTH-11 registers people only while that is on, as ordinary users whatever they send', async () => {
    const person = { username: 'walk-in', password: USER_PASSWORD, email: 'walk-in@example.com', realname: 'Walk In' };
    const exists = () => send('POST', '/c/userExists', { form: { target: 'username', value: 'ADMIN' } });
    expect((await send('POST', '/api/v2.0/users', { json: person })).status).toBe(401);
    expect((await exists()).status).toBe(412);
    await core.admin.call(updateConfigurations, { body: { self_registration: true } });
    try {
      expect(await (await exists()).json()).toBe(true);
      for (const extra of [
        { has_admin_role: true },
        { user_id: 1 },
        { role_id: 1 },
        { password_hash: 'x' },
        { __proto__: null, is_sysadmin: true },
      ]) {
        const answer = await send('POST', '/api/v2.0/users', { json: { ...person, ...extra } });
        expect(answer.status, JSON.stringify(extra)).toBeGreaterThanOrEqual(400);
      }
      const made = await send('POST', '/api/v2.0/users', { json: { ...person, sysadmin_flag: true } });
      expect(made.status).toBe(201);
      const { data } = await core.client({ name: 'walk-in', password: USER_PASSWORD }).call(getCurrentUserInfo, {});
      expect(data).toMatchObject({ username: 'walk-in', sysadmin_flag: false });
      const signedIn = core.client({ name: 'walk-in', password: USER_PASSWORD });
      await expect(signedIn.call(listUsers, {})).rejects.toMatchObject({ status: 403 });
      const bySignedIn = await send('POST', '/api/v2.0/users', {
        json: { ...person, username: 'friend', email: 'friend@example.com' },
        headers: { authorization: basic('walk-in', USER_PASSWORD) },
      });
      expect(bySignedIn.status).toBe(403);
    } finally {
      await core.admin.call(updateConfigurations, { body: { self_registration: false } });
    }
  });

  it('S4 lets others be found by whole name only', async () => {
    const { client } = await core.createUser('finder');
    const found = async (username: string) =>
      (await client.call(searchUsers, { query: { username } })).data.map((user) => user.username);
    expect([await found('finde'), await found('finder')]).toEqual([[], ['finder']]);
    expect((await core.admin.call(searchUsers, { query: { username: 'finde' } })).total).toBe(1);
  });
});

describe('robots over HTTP', () => {
  it('ROB-1 to ROB-7: made, shown, changed, rotated, listed and deleted', async () => {
    const owner = await core.createUser('robot-owner');
    const project = await owner.client.call(createProject, { body: { project_name: 'robots' } });
    const projectId = project.location?.split('/').pop() ?? '';
    const permissions = [
      { kind: 'project' as const, namespace: 'robots', access: [{ resource: 'repository', action: 'pull' }] },
    ];
    const made = await owner.client.call(createRobot, {
      body: { name: 'ci', level: 'project', duration: 30, permissions },
    });
    expect(made.location).toBe(`/api/v2.0/robots/${made.data.id}`);
    expect(made.data.name).toBe('robot$robots+ci');
    const params = { robot_id: made.data.id };
    const { data: robot } = await owner.client.call(getRobot, { params });
    expect(robot).not.toHaveProperty('secret');
    await owner.client.call(updateRobot, { params, body: { ...robot, permissions, description: 'sent back whole' } });
    expect((await owner.client.call(getRobot, { params })).data.description).toBe('sent back whole');
    const rotated = await owner.client.call(refreshRobotSecret, { params, body: {} });
    const asRobot = (secret: string) =>
      send('GET', '/service/token?service=harbor-registry', { headers: { authorization: basic(robot.name, secret) } });
    expect([(await asRobot(made.data.secret)).status, (await asRobot(rotated.data.secret)).status]).toEqual([401, 200]);
    const { data: mine } = await owner.client.call(getCurrentUserPermissions, {
      query: { scope: `/project/${projectId}`, relative: true },
    });
    expect(mine).toContainEqual({ resource: 'robot', action: 'create' });
    const listed = await owner.client.call(listRobots, {
      query: { q: `Level=project,ProjectID=${projectId},name=~c` },
    });
    expect([listed.total, listed.data[0]?.name]).toEqual([1, robot.name]);
    await expect(owner.client.call(listRobots, {})).rejects.toMatchObject({ status: 403 });
    await expect((await core.createUser('other-owner')).client.call(getRobot, { params })).rejects.toMatchObject({
      status: 404,
    });
    await owner.client.call(deleteRobot, { params });
    expect((await asRobot(rotated.data.secret)).status).toBe(401);
    expect((await owner.client.call(getChecklist, {})).data).toMatchObject({ has_project: true, has_robot: false });
  });

  it('tells administrators alone what system robots may hold', async () => {
    expect((await core.admin.call(getPermissions, {})).data).toHaveProperty('system');
    const { data } = await (await core.createUser('asker')).client.call(getPermissions, {});
    expect(data).not.toHaveProperty('system');
    expect(data.project).toContainEqual({ resource: 'repository', action: 'push' });
  });
});

describe('the token service over HTTP', () => {
  const post = (form: Record<string, string>) => send('POST', '/service/token', { form });

  it('K5 K6 answers the OAuth 2 form, with a refresh token when asked', async () => {
    const login = await post({
      grant_type: 'password',
      service: 'harbor-registry',
      client_id: 'test',
      username: 'admin',
      password: ADMIN_PASSWORD,
      access_type: 'offline',
    });
    expect(login.headers.get('cache-control')).toBe('no-store');
    const { refresh_token: refresh = '' } = (await login.json()) as { refresh_token?: string };
    const again = await post({
      grant_type: 'refresh_token',
      service: 'harbor-registry',
      client_id: 'test',
      refresh_token: refresh,
      scope: 'registry:catalog:*',
    });
    expect(await again.json()).toMatchObject({ scope: 'registry:catalog:*', expires_in: 1800 });
    expect(
      (await post({ grant_type: 'refresh_token', service: 'harbor-registry', refresh_token: `${refresh}x` })).status,
    ).toBe(401);
    expect(
      (await post({ grant_type: 'password', service: 'harbor-registry', username: 'admin', password: 'Wrong-1' }))
        .status,
    ).toBe(401);
  });

  it('S16 refuses an unknown service and none with 400, and drops parameters it does not know', async () => {
    const get = (query: string) =>
      send('GET', `/service/token${query}`, { headers: { authorization: basic('admin', ADMIN_PASSWORD) } });
    for (const query of ['', '?service=', '?service=other', '?service=harbor-registry&service=harbor-registry']) {
      expect((await get(query)).status, query).toBeGreaterThanOrEqual(400);
    }
    expect([(await get('')).status, (await get('?service=other')).status]).toEqual([400, 400]);
    expect((await get('?service=harbor-registry&account=admin&client_id=x&whatever=1')).status).toBe(200);
  });

  it('S24 shows public keys only', async () => {
    const { keys } = (await (await send('GET', '/service/token/jwks')).json()) as { keys: Record<string, string>[] };
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(Object.keys(keys[0] ?? {})).not.toContain('d');
  });
});

describe('settings over HTTP', () => {
  it('S21 close everything but the way in to strangers when anonymous access is off', async () => {
    await core.admin.call(createProject, { body: { project_name: 'open', metadata: { public: 'true' } } });
    const status = async (path: string, headers: object = {}) => (await send('GET', path, { headers })).status;
    const closed = [
      '/api/v2.0/projects',
      '/api/v2.0/projects/open',
      '/service/token?service=harbor-registry&scope=repository:open/x:pull',
    ];
    const open = ['/service/token/jwks', '/c/log_out'];
    const all = () => Promise.all([...closed, ...open].map((path) => status(path)));
    expect(await all()).toEqual([200, 200, 200, 200, 200]);
    await core.admin.call(updateConfigurations, { body: { anonymous_access: false } });
    try {
      expect(await all()).toEqual([401, 401, 401, 200, 200]);
      expect(await status('/api/v2.0/projects', { authorization: basic('admin', ADMIN_PASSWORD) })).toBe(200);
      expect((await signIn('admin', ADMIN_PASSWORD)).status).toBe(200);
    } finally {
      await core.admin.call(updateConfigurations, { body: { anonymous_access: true } });
    }
  });

  it('are shown and changed by administrators only', async () => {
    const { data } = await core.admin.call(getConfigurations, {});
    expect(data.session_timeout).toEqual({ value: 60, editable: true });
    await core.admin.call(updateConfigurations, { body: { token_expiration: 15 } });
    expect((await core.admin.call(getConfigurations, {})).data.token_expiration.value).toBe(15);
    await core.admin.call(updateConfigurations, { body: { token_expiration: 30 } });
    const { client } = await core.createUser('plain');
    await expect(client.call(getConfigurations, {})).rejects.toMatchObject({ status: 403 });
    await expect(client.call(updateConfigurations, { body: { read_only: true } })).rejects.toMatchObject({
      status: 403,
    });
    await expect(core.admin.call(updateConfigurations, { body: { session_timeout: 0 } })).rejects.toMatchObject({
      status: 422,
    });
  });
});
