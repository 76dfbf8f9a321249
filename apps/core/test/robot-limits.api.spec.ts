import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { fetchToken, pushImage, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

describe('robots', () => {
  let core: TestCore;
  let scene: Scene;
  let count = 0;

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_TRUSTED_PROXIES: '127.0.0.1/32' });
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  interface Made {
    readonly id: number;
    readonly name: string;
    readonly password: string;
  }

  async function make(body: object = {}, ...permissions: string[]): Promise<Made> {
    const access = (permissions.length > 0 ? permissions : ['repository:pull', 'repository:push']).map((pair) => ({
      resource: pair.split(':')[0],
      action: pair.split(':')[1],
    }));
    const answer = await callApi(core, ADMIN, 'POST', '/robots', {
      name: `limited${++count}`,
      level: 'project',
      duration: 30,
      permissions: [{ kind: 'project', namespace: scene.privateProject, access }],
      ...body,
    });
    if (answer.status !== 201) throw new Error(`no robot: ${answer.text}`);
    const { id, name, secret } = JSON.parse(answer.text) as { id: number; name: string; secret: string };
    return { id, name, password: secret };
  }

  const from = (address: string, robot: Made, path: string): Promise<number> =>
    fetch(core.url + path, {
      headers: { authorization: basic(robot.name, robot.password), 'x-forwarded-for': address },
    }).then(({ status }) => status);

  it('work from the addresses of their list only, with the secret and with a token got where they may', async () => {
    const robot = await make({ allowed_addresses: ['10.1.0.0/16', '192.0.2.7'] });
    const path = '/v2/priva/app/manifests/v1';
    expect(await from('10.1.2.3', robot, path)).toBe(200);
    expect(await from('192.0.2.7', robot, path)).toBe(200);
    expect(await from('10.2.0.1', robot, path)).toBe(401);
    // Also while the proof from the right place is remembered.
    expect(await from('10.1.2.3', robot, path)).toBe(200);
    expect(await from('192.0.2.8', robot, path)).toBe(401);
    const issued = await fetch(`${core.url}/service/token?service=harbor-registry&scope=repository:priva/app:pull`, {
      headers: { authorization: basic(robot.name, robot.password), 'x-forwarded-for': '10.1.2.3' },
    });
    const { token } = (await issued.json()) as { token: string };
    const pull = async (address: string) =>
      (await withToken(core, token, 'GET', path, { headers: { 'x-forwarded-for': address } })).status;
    expect([await pull('10.1.9.9'), await pull('10.2.0.1')]).toEqual([200, 403]);
    await callApi(core, ADMIN, 'PUT', `/robots/${robot.id}`, { allowed_addresses: [] });
    core.clock.advanceMinutes(0.1);
    expect(await pull('10.2.0.1')).toBe(200);
  });

  it('take addresses and networks for their list and nothing else', async () => {
    for (const network of [
      '10.0.0.0/33',
      '10.0.0',
      'example.com',
      '2001:db8::/129',
      '::ffff:10.0.0.1/104',
      '10.0.0.0/8/8',
      '',
    ]) {
      await expect(make({ allowed_addresses: [network] })).rejects.toThrow('no robot');
    }
    const robot = await make({ allowed_addresses: ['2001:db8::/32', '10.0.0.1/32'] });
    const shown = await callApi(core, ADMIN, 'GET', `/robots/${robot.id}`);
    expect(JSON.parse(shown.text)).toMatchObject({ allowed_addresses: ['2001:db8::/32', '10.0.0.1/32'] });
  });

  it('tell which of their permissions they never used', async () => {
    const robot = await make({}, 'repository:pull', 'repository:push', 'member:list', 'tag:delete');
    await pushImage(core, { name: robot.name, password: robot.password }, 'priva/by-robot', 'v1');
    await callApi(core, { name: robot.name, password: robot.password }, 'GET', '/projects/priva/members');
    const used = async () => {
      const { text } = await callApi(core, ADMIN, 'GET', `/robots/${robot.id}/permission-uses`);
      const { permissions } = JSON.parse(text) as {
        permissions: { resource: string; action: string; last_used_at?: string }[];
      };
      return permissions.filter((one) => one.last_used_at).map((one) => `${one.resource}:${one.action}`);
    };
    // Notes are written every two seconds.
    await expect.poll(used, { interval: 300 }).toEqual(['member:list', 'repository:push']);
    const stranger = await callApi(core, scene.stranger.credentials, 'GET', `/robots/${robot.id}/permission-uses`);
    expect(stranger.status).toBe(404);
  });

  it('S49 lead nobody further than his token: no secret, no new life, no other place of one that may do more', async () => {
    const owner = { name: 'the-projectadmin', password: USER_PASSWORD };
    const narrowed = async (...pairs: string[]) => {
      const access = pairs.map((pair) => ({ resource: pair.split(':')[0], action: pair.split(':')[1] }));
      const permissions = [{ kind: 'project', namespace: scene.privateProject, access }];
      const made = await callApi(core, owner, 'POST', '/users/current/tokens', { name: `n${++count}`, permissions });
      return { name: owner.name, password: (JSON.parse(made.text) as { token: string }).token };
    };
    const changing = ['robot:read', 'robot:update', 'repository:pull'];
    const [pulling, pushing] = [await narrowed(...changing), await narrowed(...changing, 'repository:push')];
    const wide = await make({ allowed_addresses: ['127.0.0.1'] });
    const change = async (body: object, by = pulling) =>
      (await callApi(core, by, 'PUT', `/robots/${wide.id}`, body)).status;
    const rotate = async ({ id }: Made, by = pulling) => (await callApi(core, by, 'PATCH', `/robots/${id}`, {})).status;
    expect(await rotate(wide)).toBe(403);
    expect(await change({ description: 'of the builds', duration: 20 })).toBe(200);
    for (const body of [
      { duration: 300 },
      { duration: -1 },
      { allowed_addresses: [] },
      { allowed_addresses: ['::/0'] },
    ]) {
      expect([body, await change(body)]).toEqual([body, 403]);
    }
    expect(await change({ disable: true })).toBe(200);
    expect(await change({ disable: false })).toBe(403);
    expect(await change({ disable: false, duration: 300, allowed_addresses: [] }, pushing)).toBe(200);
    expect((await fetchToken(core, wide, [])).status).toBe(200);
    expect(await rotate(await make({}, 'repository:pull'))).toBe(200);
    expect([await rotate(wide, pushing), await rotate(wide, owner)]).toEqual([200, 200]);
  });

  it('S49 S52 with member:create make nobody more than they are', async () => {
    const holder = await make({}, 'member:create', 'repository:push');
    const add = async (roleId: number) => {
      const body = { role_id: roleId, member_user: { username: 'nobody-at-all' } };
      return callApi(core, holder, 'POST', '/projects/priva/members', body);
    };
    const refused = await add(1);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('repository:delete')]);
    expect((await add(5)).text).toContain('you lack project:read');
  });

  it('are shown as expiring, then as expired, and found by that', async () => {
    const robot = await make({ duration: 20 });
    const shown = async () => {
      const { text } = await callApi(core, ADMIN, 'GET', `/robots/${robot.id}`);
      const { expired, expires_soon: soon } = JSON.parse(text) as { expired: boolean; expires_soon: boolean };
      return { expired, soon };
    };
    expect(await shown()).toEqual({ expired: false, soon: false });
    core.clock.advanceMinutes(7 * 24 * 60);
    expect(await shown()).toEqual({ expired: false, soon: true });
    core.clock.advanceMinutes(14 * 24 * 60);
    expect(await shown()).toEqual({ expired: true, soon: false });
    expect((await fetchToken(core, { name: robot.name, password: robot.password }, [])).status).toBe(401);
  });
});
