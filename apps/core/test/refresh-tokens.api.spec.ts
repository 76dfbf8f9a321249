import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { claimsOf, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const SERVICE = 'harbor-registry';
const PULL = 'repository:priva/app:pull';

interface Issued {
  readonly status: number;
  readonly token: string;
  readonly refreshToken: string | undefined;
  readonly actions: readonly string[];
}

describe('S26 refresh tokens over HTTP', () => {
  let core: TestCore;
  let scene: Scene;
  let count = 0;
  let name = '';
  let id = 0;

  const issued = async (response: Response): Promise<Issued> => {
    const body = (await response.json()) as { access_token?: string; refresh_token?: string };
    const { access_token: token = '', refresh_token: refreshToken } = body;
    const actions = token === '' ? [] : (claimsOf(token).access[0]?.actions ?? []);
    return { status: response.status, token, refreshToken, actions };
  };
  const post = async (form: Record<string, string>) =>
    issued(
      await fetch(`${core.url}/service/token`, {
        method: 'POST',
        body: new URLSearchParams({ service: SERVICE, client_id: 'test', ...form }),
      }),
    );
  const offline = (username: string, password: string) =>
    post({ grant_type: 'password', access_type: 'offline', username, password, scope: PULL });
  const refresh = (refreshToken: string | undefined, more: Record<string, string> = {}) =>
    post({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '', scope: PULL, ...more });
  const get = async (query: string, authorization?: string) =>
    issued(
      await fetch(`${core.url}/service/token?service=${SERVICE}&offline_token=true&${query}`, {
        headers: authorization === undefined ? {} : { authorization },
      }),
    );

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());
  /** A guest of the private project, who may pull. */
  beforeEach(async () => {
    name = `offline-${++count}`;
    ({ id } = await core.createUser(name));
    const member = { role_id: 3, member_user: { username: name } };
    expect((await callApi(core, ADMIN, 'POST', '/projects/priva/members', member)).status).toBe(201);
  });

  it('S26 stand for the rights of now, however much is asked for', async () => {
    const { refreshToken, actions } = await offline(name, USER_PASSWORD);
    expect(actions).toEqual(['pull']);
    const wide = await refresh(refreshToken, { scope: 'repository:priva/app:pull,push,delete' });
    expect([wide.status, wide.actions]).toEqual([200, ['pull']]);
    expect((await refresh(refreshToken, { scope: 'repository:privb/app:pull' })).actions).toEqual([]);
    expect((await withToken(core, wide.token, 'GET', '/v2/priva/app/manifests/v1')).status).toBe(200);
    const { text } = await callApi(core, ADMIN, 'GET', `/projects/priva/members?entityname=${name}`);
    const [{ id: member } = { id: 0 }] = JSON.parse(text) as { id: number }[];
    expect((await callApi(core, ADMIN, 'DELETE', `/projects/priva/members/${member}`)).status).toBe(200);
    expect((await refresh(refreshToken)).actions).toEqual([]);
  });

  it('S26 are for users who have just proven themselves: no robot, no job, nobody gets one', async () => {
    expect((await get('scope=', basic(name, USER_PASSWORD))).refreshToken).toMatch(/^\S{40,}$/);
    const { credentials } = scene.pullRobot;
    const robot = await get(`scope=${PULL}`, basic(credentials?.name ?? '', credentials?.password ?? ''));
    expect([robot.status, robot.actions, robot.refreshToken]).toEqual([200, ['pull'], undefined]);
    const byForm = await offline(credentials?.name ?? '', credentials?.password ?? '');
    expect([byForm.status, byForm.refreshToken]).toEqual([200, undefined]);
    const nobody = await get('scope=repository:pub/app:pull');
    expect([nobody.status, nobody.actions, nobody.refreshToken]).toEqual([200, ['pull'], undefined]);
  });

  it('S26 mean nothing for another service, to another grant, or anywhere else', async () => {
    const { refreshToken = '' } = await offline(name, USER_PASSWORD);
    expect((await refresh(refreshToken, { service: 'moorage-internal' })).status).toBe(400);
    expect((await refresh(`${refreshToken}x`)).status).toBe(401);
    expect((await refresh('')).status).toBeGreaterThanOrEqual(400);
    expect((await offline(name, refreshToken)).status).toBe(401);
    const bearer = { authorization: `Bearer ${refreshToken}` };
    for (const path of ['/v2/', '/api/v2.0/users/current']) {
      expect((await fetch(core.url + path, { headers: bearer })).status, path).toBe(401);
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('S26 end with the password, the account, and thirty days', async () => {
    const first = (await offline(name, USER_PASSWORD)).refreshToken;
    const change = { old_password: USER_PASSWORD, new_password: 'Another-Passw0rd-1' };
    const own = { name, password: USER_PASSWORD };
    expect((await callApi(core, own, 'PUT', `/users/${id}/password`, change)).status).toBe(200);
    expect((await refresh(first)).status).toBe(401);
    const second = (await offline(name, 'Another-Passw0rd-1')).refreshToken;
    expect((await refresh(second)).status).toBe(200);
    expect((await callApi(core, ADMIN, 'DELETE', `/users/${id}`)).status).toBe(200);
    expect((await refresh(second)).status).toBe(401);
  });

  it('S26 end as a family when one that was replaced comes again, in parallel too; that is audited', async () => {
    const { refreshToken } = await offline(name, USER_PASSWORD);
    const replaced = await refresh(refreshToken, { access_type: 'offline' });
    expect(replaced.refreshToken).not.toBe(refreshToken);
    expect((await refresh(replaced.refreshToken)).status).toBe(200);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(replaced.refreshToken)).status).toBe(401);

    const next = (await offline(name, USER_PASSWORD)).refreshToken;
    const both = await Promise.all([
      refresh(next, { access_type: 'offline' }),
      refresh(next, { access_type: 'offline' }),
    ]);
    expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { refreshToken: heir } of both) if (heir) expect((await refresh(heir)).status).toBe(401);
    const rows = await core.database.query<{ operation: string }>(
      `select payload->'audit'->>'operation' as operation from outbox_events
       where payload->'audit'->>'resourceType' = 'refresh-token' and payload->'audit'->>'resource' = $1 order by id`,
      [name],
    );
    expect(rows.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['create', 'revoke']));
  });
});
