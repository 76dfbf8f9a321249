import type { RobotPermission } from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { fetchToken, pushImage, withToken } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

interface Made {
  readonly id: number;
  readonly token: string;
  readonly expires_at: number;
}

describe('personal access tokens', () => {
  let core: TestCore;
  let scene: Scene;
  let count = 0;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });
  afterAll(() => core.stop());

  const entry = (namespace: string, ...pairs: string[]): RobotPermission => ({
    kind: namespace === '/' ? 'system' : 'project',
    namespace,
    access: pairs.map((pair) => ({ resource: pair.split(':')[0] ?? '', action: pair.split(':')[1] ?? '' })),
  });

  async function make(owner: { name: string; password: string }, body: object = {}): Promise<Made> {
    const answer = await callApi(core, owner, 'POST', '/users/current/tokens', { name: `t${++count}`, ...body });
    if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as Made;
  }

  const bearer = (token: string, method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${core.url}/api/v2.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const developer = { name: 'the-developer', password: USER_PASSWORD };

  it('are shown once, listed without their text, and tell when they were used', async () => {
    const made = await make(developer, { description: 'my laptop', duration: 7 });
    expect(made.token).toMatch(/^moor_pat_[0-9A-Za-z]{49}$/);
    expect(Math.abs(made.expires_at - (core.clock.now().getTime() / 1000 + 7 * 86_400))).toBeLessThan(60);
    expect((await bearer(made.token, 'GET', '/users/current')).status).toBe(200);
    const listed = async () => {
      const { text } = await callApi(core, developer, 'GET', '/users/current/tokens');
      expect(text).not.toContain(made.token);
      return (JSON.parse(text) as Record<string, unknown>[])[0];
    };
    expect(await listed()).toMatchObject({ description: 'my laptop', permissions: null, expired: false });
    // Nobody waits for the note of a use.
    await expect.poll(listed).toMatchObject({ last_used_address: '127.0.0.1' });
    const stored = await core.database.query<{ hit: boolean }>(
      'select bool_or(t::text like $1) as hit from personal_tokens t',
      [`%${made.token}%`],
    );
    expect(stored[0]?.hit).toBe(false);
  });

  it('S23 open every door a password opens: Basic and Bearer on the API, Basic on /v2, both forms of the token service', async () => {
    const { token } = await make(developer);
    const named = { name: developer.name, password: token };
    expect((await callApi(core, named, 'GET', '/projects/priva')).status).toBe(200);
    expect((await bearer(token, 'GET', '/projects/priva')).status).toBe(200);
    expect((await pushImage(core, named, 'priva/by-token', 'v1')).digest).toMatch(/^sha256:/);
    const issued = await fetchToken(core, named, ['repository:priva/by-token:pull']);
    expect((await withToken(core, issued.token, 'GET', '/v2/priva/by-token/manifests/v1')).status).toBe(200);
    const form = await fetch(`${core.url}/service/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        service: 'harbor-registry',
        username: named.name,
        password: token,
        scope: 'repository:priva/by-token:pull',
        access_type: 'offline',
      }),
    });
    const answer = (await form.json()) as Record<string, string>;
    expect(answer.scope).toBe('repository:priva/by-token:pull');
    // What would outlive the token is not handed out for it.
    expect(answer.refresh_token).toBeUndefined();
  });

  it('S23 are narrowed the same at every door, and never below what their user lost', async () => {
    const { token } = await make(developer, { permissions: [entry('priva', 'repository:pull', 'project:read')] });
    const named = { name: developer.name, password: token };
    const push = () =>
      pushImage(core, named, 'priva/narrow', 'v1').then(
        () => 'pushed',
        () => 'refused',
      );
    expect(await push()).toBe('refused');
    const issued = await fetchToken(core, named, [
      'repository:priva/app:pull,push,delete',
      'repository:pub/app:pull',
      'repository:privb/app:pull',
    ]);
    expect(issued.access.map(({ name, actions }) => [name, actions])).toEqual([
      ['priva/app', ['pull']],
      ['privb/app', []],
      ['pub/app', []],
    ]);
    expect((await bearer(token, 'GET', '/projects/priva')).status).toBe(200);
    expect((await bearer(token, 'GET', '/projects/pub')).status).toBe(403);
    expect((await bearer(token, 'GET', '/projects/priva/repositories')).status).toBe(403);
    const projects = (await (await bearer(token, 'GET', '/projects')).json()) as { name: string }[];
    expect(projects.map(({ name }) => name)).toEqual(['priva']);
    expect((await bearer(token, 'POST', '/projects', { project_name: 'by-narrow' })).status).toBe(403);
    expect((await bearer(token, 'PUT', '/users/current', {})).status).toBeGreaterThanOrEqual(400);

    const maintainer = { name: 'the-maintainer', password: USER_PASSWORD };
    const wide = await make(maintainer, { permissions: [entry('priva', 'repository:delete', 'member:create')] });
    const invite = await bearer(wide.token, 'POST', '/projects/priva/members', {
      role_id: 2,
      member_user: { username: 'nobody-at-all' },
    });
    expect(invite.status).toBe(403);
  });

  it("S23 a narrowed token of an administrator is none: only what it names, also in the system's own affairs", async () => {
    const { token } = await make(ADMIN, { permissions: [entry('/', 'user:list'), entry('*', 'project:read')] });
    expect((await bearer(token, 'GET', '/users')).status).toBe(200);
    expect((await bearer(token, 'GET', '/projects/privb')).status).toBe(200);
    for (const [method, path] of [
      ['GET', '/configurations'],
      ['GET', '/audit-logs'],
      ['GET', '/robots'],
      ['DELETE', '/projects/privb'],
      ['GET', '/projects/privb/members'],
      ['PUT', '/users/1'],
    ] as const) {
      expect([path, (await bearer(token, method, path, method === 'PUT' ? {} : undefined)).status]).toEqual([
        path,
        403,
      ]);
    }
    const all = await make(ADMIN);
    expect((await bearer(all.token, 'GET', '/configurations')).status).toBe(200);
  });

  it('make no other credentials: no token, no password, no session; they end nothing but themselves', async () => {
    const [first, second] = [await make(developer), await make(developer)];
    expect((await bearer(first.token, 'POST', '/users/current/tokens', { name: 'more' })).status).toBe(403);
    const { user_id: id } = (await (await bearer(first.token, 'GET', '/users/current')).json()) as { user_id: number };
    const change = { old_password: USER_PASSWORD, new_password: 'Another-Passw0rd' };
    expect((await bearer(first.token, 'PUT', `/users/${id}/password`, change)).status).toBe(403);
    const browser = new Browser(core);
    expect((await browser.signIn(developer.name, first.token)).status).toBe(403);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await bearer(first.token, 'DELETE', `/users/current/tokens/${second.id}`)).status).toBe(403);
    expect((await bearer(first.token, 'DELETE', `/users/current/tokens/${first.id}`)).status).toBe(200);
    expect((await bearer(first.token, 'GET', '/users/current')).status).toBe(401);
    expect((await bearer(second.token, 'GET', '/users/current')).status).toBe(200);
  });

  it('S11 end with deletion by an administrator, a password set by somebody else, and the account; registry tokens too', async () => {
    const { id } = await core.createUser('leaver');
    const leaver = { name: 'leaver', password: USER_PASSWORD };
    await callApi(core, ADMIN, 'POST', '/projects/priva/members', { role_id: 2, member_user: { username: 'leaver' } });
    const works = async ({ token }: Made) => (await bearer(token, 'GET', '/users/current')).status === 200;
    const [one, two] = [await make(leaver), await make(leaver)];
    expect([await works(one), await works(two)]).toEqual([true, true]);
    const issued = await fetchToken(core, { name: 'leaver', password: one.token }, ['repository:priva/app:pull']);
    const pull = async () => (await withToken(core, issued.token, 'GET', '/v2/priva/app/manifests/v1')).status;
    expect(await pull()).toBe(200);
    expect((await callApi(core, ADMIN, 'DELETE', `/users/${id}/tokens/${one.id}`)).status).toBe(200);
    expect([await works(one), await works(two)]).toEqual([false, true]);
    core.clock.advanceMinutes(0.1);
    expect(await pull()).toBe(401);
    await callApi(core, ADMIN, 'PUT', `/users/${id}/password`, { new_password: 'Reset-Passw0rd' });
    expect(await works(two)).toBe(false);
    const listed = await callApi(core, ADMIN, 'GET', `/users/${id}/tokens`);
    expect(JSON.parse(listed.text)).toEqual([]);
    core.clock.advanceMinutes(0.1);
    const change = { old_password: 'Reset-Passw0rd', new_password: 'Chosen-Passw0rd-1' };
    await callApi(core, { name: 'leaver', password: 'Reset-Passw0rd' }, 'PUT', `/users/${id}/password`, change);
    const three = await make({ name: 'leaver', password: 'Chosen-Passw0rd-1' });
    expect(await works(three)).toBe(true);
    await callApi(core, ADMIN, 'DELETE', `/users/${id}`);
    expect(await works(three)).toBe(false);
  });

  it('expire, and live no longer than the policy allows', async () => {
    const { token } = await make(developer, { duration: 1 });
    const works = async () => (await bearer(token, 'GET', '/users/current')).status;
    expect(await works()).toBe(200);
    core.clock.advanceMinutes(24 * 60 + 1);
    expect(await works()).toBe(401);
    await callApi(core, ADMIN, 'PUT', '/configurations', { personal_token_max_duration: 10 });
    const tries = await Promise.all(
      [-1, 11, 10].map((duration) =>
        callApi(core, developer, 'POST', '/users/current/tokens', { name: `life ${duration}`, duration }),
      ),
    );
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 201]);
    await callApi(core, ADMIN, 'PUT', '/configurations', { personal_token_max_duration: -1 });
  });

  it('of a wrong form are refused without a trace in the database; right in form and wrong are counted and audited', async () => {
    const { token } = await make(developer);
    const failures = async () =>
      (
        await core.database.query<{ n: number }>(
          `select count(*)::int as n from outbox_events where name = 'login.failed'`,
        )
      )[0]?.n;
    const before = await failures();
    const attempts = async () =>
      (await core.database.query<{ n: number }>('select count(*)::int as n from login_attempts'))[0]?.n;
    const counted = await attempts();
    const other = token.at(-1) === 'A' ? 'B' : 'A';
    for (const mutant of [`${token.slice(0, -1)}${other}`, token.slice(0, -1), `${token}A`, 'moor_pat_', `${token} `]) {
      expect((await callApi(core, { name: developer.name, password: mutant }, 'GET', '/users/current')).status).toBe(
        401,
      );
    }
    expect([await failures(), await attempts()]).toEqual([before, counted]);
    const { token: gone, id } = await make(developer);
    await callApi(core, developer, 'DELETE', `/users/current/tokens/${id}`);
    expect((await bearer(gone, 'GET', '/users/current')).status).toBe(401);
    expect(await failures()).toBe((before ?? 0) + 1);
    // Somebody else's name beside it does not make it his.
    expect((await callApi(core, { name: 'stranger', password: token }, 'GET', '/users/current')).status).toBe(401);
    expect((await callApi(core, { name: developer.name, password: token }, 'GET', '/users/current')).status).toBe(200);
  });

  it('belong to users: names once, permissions that exist, projects one has a right in, and none for robots', async () => {
    const ask = async (body: object) => (await callApi(core, developer, 'POST', '/users/current/tokens', body)).status;
    expect(await ask({ name: 'once' })).toBe(201);
    expect(await ask({ name: 'once' })).toBe(409);
    for (const permissions of [
      [entry('priva', 'repository:fly')],
      [entry('/', 'repository:pull')],
      [entry('privb', 'repository:pull')],
      [entry('no-such-project', 'repository:pull')],
      [{ ...entry('priva', 'repository:pull'), kind: 'system' }],
    ]) {
      expect(await ask({ name: `bad ${++count}`, permissions })).toBe(400);
    }
    const robot = scene.pullRobot.credentials;
    expect((await callApi(core, robot, 'GET', '/users/current/tokens')).status).toBe(403);
    expect((await callApi(core, robot, 'POST', '/users/current/tokens', { name: 'r' })).status).toBe(403);
  });

  it('S48 are reached by their own user only', async () => {
    const { id } = await make(developer);
    const stranger = { name: 'stranger', password: USER_PASSWORD };
    expect((await callApi(core, stranger, 'GET', `/users/current/tokens/${id}`)).status).toBe(404);
    expect((await callApi(core, stranger, 'DELETE', `/users/current/tokens/${id}`)).status).toBe(404);
    const own = await callApi(core, developer, 'GET', '/users/current');
    const { user_id: userId } = JSON.parse(own.text) as { user_id: number };
    expect((await callApi(core, stranger, 'GET', `/users/${userId}/tokens`)).status).toBe(403);
    expect((await callApi(core, stranger, 'DELETE', `/users/${userId}/tokens/${id}`)).status).toBe(403);
    expect((await callApi(core, developer, 'GET', `/users/current/tokens/${id}`)).status).toBe(200);
  });
});
