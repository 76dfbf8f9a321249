import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createProject, createProjectMember } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

interface Person {
  readonly password: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

describe('an HTTP authentication proxy as source of accounts', () => {
  let core: TestCore;
  let proxy: Server;
  let url = '';
  let broken = false;
  const asked: string[] = [];
  const people = new Map<string, Person>([
    ['ada', { password: 'Pa:ss-word1', uid: 'u-1', groups: ['makers', 'admins'] }],
    ['bob', { password: 'Pass-word2', uid: '', groups: [] }],
  ]);

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const authorization = request.headers.authorization ?? '';
    asked.push(`${request.url} ${authorization.split(' ')[0]}`);
    const reply = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (broken) return reply(500, {});
    if (request.url === '/login') {
      const [name = '', ...rest] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
      return people.get(name)?.password === rest.join(':')
        ? reply(200, { session_id: `session-of-${name}` })
        : reply(401, {});
    }
    const { spec } = JSON.parse(body) as { spec: { token: string } };
    const name = spec.token.replace('session-of-', '');
    const person = people.get(name);
    return reply(200, {
      status: person
        ? { authenticated: true, user: { username: name, uid: person.uid, groups: person.groups } }
        : { authenticated: false },
    });
  };
  const call = (method: string, path: string, body?: unknown) =>
    callApi(core, { name: 'admin', password: ADMIN_PASSWORD }, method, path, body);
  const whoIs = async (name: string, password: string) => {
    const answer = await callApi(core, { name, password }, 'GET', '/users/current');
    return { ...(JSON.parse(answer.text) as { admin_role_in_auth?: boolean }), status: answer.status };
  };

  beforeAll(async () => {
    proxy = createServer((request, response) => void handle(request, response));
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    url = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
    core = await startTestCore({ MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    const answer = await call('PUT', '/configurations', {
      auth_mode: 'http_auth',
      http_authproxy_endpoint: `${url}/login`,
      http_authproxy_tokenreview_endpoint: `${url}/review`,
      http_authproxy_admin_groups: 'root, admins',
    });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
  afterAll(async () => {
    await core.stop();
    proxy.close();
  });

  it('PROXY-2 signs people in with what the review says of them, and remembers it for a while', async () => {
    expect(await whoIs('ada', 'Pa:ss-word1')).toMatchObject({
      status: 200,
      username: 'ada',
      admin_role_in_auth: true,
    });
    expect(await whoIs('bob', 'Pass-word2')).toMatchObject({ status: 200, admin_role_in_auth: false });
    expect(asked).toEqual(['/login Basic', '/review Bearer', '/login Basic', '/review Bearer']);
    await whoIs('ada', 'Pa:ss-word1');
    expect(asked).toHaveLength(4);
    for (const [name, password] of [
      ['ada', 'wrong'],
      ['nobody', 'Pass-word2'],
      ['ada', ''],
      ['ada', ' '],
    ] as const) {
      expect([name, (await whoIs(name, password)).status]).toEqual([name, 401]);
    }
  });

  it('PROXY-2 GRP-1 groups of the review are groups of type 2 and give roles', async () => {
    people.set('carl', { password: 'Pass-word3', uid: 'u-3', groups: ['makers'] });
    await core.admin.call(createProject, { body: { project_name: 'team', metadata: { public: 'false' } } });
    await core.admin.call(createProjectMember, {
      params: { project_name_or_id: 'team' },
      body: { role_id: 3, member_group: { group_name: 'makers', group_type: 2 } },
    });
    const read = async (name: string, password: string) =>
      (await callApi(core, { name, password }, 'GET', '/projects/team')).status;
    expect(await read('carl', 'Pass-word3')).toBe(200);
    expect(await read('bob', 'Pass-word2')).toBe(403);
  });

  it('S31 S33 a personal token counts for an hour after a sign-in, since the proxy cannot be asked in between', async () => {
    const made = await callApi(core, { name: 'carl', password: 'Pass-word3' }, 'POST', '/users/current/tokens', {
      name: 'laptop',
    });
    const { token } = JSON.parse(made.text) as { token: string };
    const use = () => callApi(core, { name: 'carl', password: token }, 'GET', '/users/current');
    core.clock.advanceMinutes(59);
    expect((await use()).status).toBe(200);
    core.clock.advanceMinutes(2);
    const refused = await use();
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('sign in again')]);
    expect(await whoIs('carl', 'Pass-word3')).toMatchObject({ username: 'carl' });
    expect((await use()).status).toBe(200);
  });

  it('PROXY-1 names of administrators count as groups of them do, whatever their case, and end with the setting', async () => {
    const isAdmin = async () => {
      core.clock.advanceMinutes(2);
      return (await whoIs('bob', 'Pass-word2')).admin_role_in_auth;
    };
    expect(await isAdmin()).toBe(false);
    for (const [names, expected] of [
      ['carl, BOB', true],
      ['bobby,bo', false],
      ['', false],
      ['bob', true],
    ] as const) {
      expect((await call('PUT', '/configurations', { http_authproxy_admin_usernames: names })).status).toBe(200);
      expect(await isAdmin(), names).toBe(expected);
    }
    expect((await callApi(core, { name: 'bob', password: 'Pass-word2' }, 'GET', '/configurations')).status).toBe(200);
    await call('PUT', '/configurations', { http_authproxy_admin_usernames: '' });
    expect(await isAdmin()).toBe(false);
  });

  it('PROXY-2 takes a token of the proxy from a command line, under its own name only', async () => {
    const token = 'session-of-bob';
    expect(await whoIs('tokenreview$bob', token)).toMatchObject({ status: 200, username: 'bob' });
    expect((await whoIs('tokenreview$ada', token)).status).toBe(401);
    expect((await whoIs('tokenreview$bob', 'session-of-nobody')).status).toBe(401);
    expect((await whoIs('tokenreview$', token)).status).toBe(401);
    // A token may act for its owner, and makes no further credentials (S23).
    const made = await callApi(core, { name: 'tokenreview$bob', password: token }, 'POST', '/users/current/tokens', {
      name: 'more',
    });
    expect(made.status).toBe(403);
  });

  it('tells a proxy that is broken from a wrong password', async () => {
    broken = true;
    expect((await whoIs('ada', 'other')).status).toBe(503);
    expect((await whoIs('tokenreview$ada', 'session-of-ada')).status).toBe(503);
    expect((await whoIs('admin', ADMIN_PASSWORD)).status).toBe(200);
    broken = false;
    expect((await whoIs('ada', 'other')).status).toBe(401);
  });

  it('tries settings before they are saved', async () => {
    const test = async (settings: object) => {
      const answer = await call('POST', '/identity-sources/test', { kind: 'auth_proxy', auth_proxy: settings });
      const { ok, checks } = JSON.parse(answer.text) as { ok: boolean; checks: { name: string; result: string }[] };
      return { ok, checks: checks.map(({ name, result }) => `${name} ${result}`) };
    };
    expect(await test({ endpoint: `${url}/login`, tokenreview_endpoint: `${url}/review` })).toEqual({
      ok: true,
      checks: ['login endpoint passed', 'token review endpoint passed'],
    });
    expect(await test({ endpoint: `${url}/login`, tokenreview_endpoint: 'http://127.0.0.1:1/review' })).toEqual({
      ok: false,
      checks: ['login endpoint passed', 'token review endpoint failed'],
    });
  });
});
