import { createProject, createRobot, ENDPOINTS, listProjectMembers } from '@moorage/contracts';
import { TaskStore } from '@moorage/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, addressOf, callApi } from './support/api.ts';
import { authorization, type Credentials, pushImage } from './support/registry.ts';
import { type Actor, type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';

describe('what belongs to one project stays with it', () => {
  let core: TestCore;
  let scene: Scene;
  /** Ids of things of the foreign project. */
  let foreign: { member: number; robot: number; digest: string };

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    const { data: members } = await scene.stranger.client.call(listProjectMembers, {
      params: { project_name_or_id: 'privb' },
    });
    const { data: robot } = await scene.stranger.client.call(createRobot, {
      body: {
        name: 'theirs',
        level: 'project',
        duration: -1,
        permissions: [{ kind: 'project', namespace: 'privb', access: [{ resource: 'repository', action: 'pull' }] }],
      },
    });
    const { digest } = await pushImage(core, scene.stranger.credentials, 'privb/only', 'there', 'only in b');
    foreign = {
      member: members.find(({ entity_name }) => entity_name === 'stranger')?.id ?? 0,
      robot: robot.id,
      digest,
    };
  });

  afterAll(() => core.stop());

  const call = (actor: Actor, method: string, path: string, body?: unknown): Promise<ApiAnswer> =>
    callApi(core, actor.credentials, method, path, body);
  const status = async (actor: Actor, method: string, path: string, body?: unknown): Promise<number> =>
    (await call(actor, method, path, body)).status;
  /** What a table holds, except when its rows were last used. */
  const rows = (table: string): Promise<unknown[]> =>
    core.database.query(
      `select to_jsonb(t) - '{last_used_at,last_used_address}'::text[] as row from ${table} t order by t::text`,
    );
  const projectIdOf = async (name: string): Promise<number> =>
    (JSON.parse((await call(scene.admin, 'GET', `/projects/${name}`)).text) as { project_id: number }).project_id;

  it('S48 members of another project are not there, for every verb, and stay as they are', async () => {
    const owner = scene.members.projectAdmin;
    const before = await rows('project_members');
    for (const [method, body] of [['GET'], ['PUT', { role_id: 1 }], ['DELETE']] as [string, unknown?][]) {
      const theirs = await call(owner, method, `/projects/priva/members/${foreign.member}`, body);
      const absent = await call(owner, method, '/projects/priva/members/999999', body);
      expect(theirs.status, method).toBe(404);
      expect(theirs.text.replaceAll(String(foreign.member), ''), method).toBe(absent.text.replaceAll('999999', ''));
    }
    expect(await rows('project_members')).toEqual(before);
    expect(await status(scene.stranger, 'GET', `/projects/privb/members/${foreign.member}`)).toBe(200);
  });

  it('S48 robots of another project are not there, for every verb, and stay as they are', async () => {
    const owner = scene.members.projectAdmin;
    const before = await rows('robots');
    for (const [method, body] of [
      ['GET'],
      ['PUT', { description: 'mine now', duration: -1, permissions: [] }],
      ['PATCH', {}],
      ['DELETE'],
    ] as [string, unknown?][]) {
      const theirs = await call(owner, method, `/robots/${foreign.robot}`, body);
      const absent = await call(owner, method, '/robots/999999', body);
      expect([403, 404], method).toContain(theirs.status);
      expect(theirs.text.replaceAll(String(foreign.robot), ''), method).toBe(absent.text.replaceAll('999999', ''));
    }
    expect(await rows('robots')).toEqual(before);
    expect(await status(scene.stranger, 'GET', `/robots/${foreign.robot}`)).toBe(200);
  });

  it('S48 content of another project is not reached through a repository of the own', async () => {
    const owner = scene.members.projectAdmin;
    const before = await rows('tags');
    for (const [method, path, body] of [
      ['GET', `/projects/priva/repositories/app/artifacts/${foreign.digest}`],
      ['DELETE', `/projects/priva/repositories/app/artifacts/${foreign.digest}`],
      ['POST', `/projects/priva/repositories/app/artifacts/${foreign.digest}/tags`, { name: 'mine' }],
      ['GET', `/projects/priva/repositories/app/artifacts/${foreign.digest}/manifest`],
      ['GET', `/projects/priva/repositories/app/artifacts/${foreign.digest}/config`],
      ['DELETE', '/projects/priva/repositories/app/artifacts/v1/tags/there'],
      ['GET', '/projects/priva/repositories/only'],
      ['DELETE', '/projects/priva/repositories/only'],
      ['GET', '/projects/priva/repositories/..%252Fprivb%252Fonly/artifacts'],
      ['GET', '/projects/priva/repositories/%2e%2e%2fprivb%2fonly'],
    ] as [string, string, unknown?][]) {
      const answer = await status(owner, method, path, body);
      expect(answer >= 400 && answer < 500, `${method} ${path}: ${answer}`).toBe(true);
    }
    expect(await rows('tags')).toEqual(before);
    expect(await status(scene.stranger, 'GET', `/projects/privb/repositories/only/artifacts/${foreign.digest}`)).toBe(
      200,
    );
  });

  it('S48 an id has one spelling', async () => {
    const { data: members } = await core.admin.call(listProjectMembers, { params: { project_name_or_id: 'priva' } });
    const mid = members[0]?.id ?? 0;
    expect(await status(scene.admin, 'GET', `/projects/priva/members/${mid}`)).toBe(200);
    for (const spelling of [
      `0${mid}`,
      `${mid}.0`,
      `${mid}e0`,
      `%20${mid}`,
      `${mid}%20`,
      `+${mid}`,
      `${mid},1`,
      '-1',
      '0',
    ])
      expect([400, 404, 422], spelling).toContain(
        await status(scene.admin, 'GET', `/projects/priva/members/${spelling}`),
      );
  });

  it('S49 nobody hands a robot more than he holds, at its creation or later', async () => {
    const owner = scene.members.projectAdmin;
    const robot = (permissions: unknown, extra: object = {}): object => ({
      name: 'climber',
      level: 'project',
      duration: -1,
      permissions,
      ...extra,
    });
    const grant = (namespace: string, resource: string, action: string, kind = 'project'): object[] => [
      { kind, namespace, access: [{ resource, action }] },
    ];
    const wishes: [string, object][] = [
      ['foreign project', robot(grant('privb', 'repository', 'pull'))],
      ['every project', robot(grant('*', 'repository', 'pull'))],
      ['level system', robot(grant('priva', 'repository', 'pull'), { level: 'system' })],
      ['kind system', robot(grant('/', 'user', 'create', 'system'), { level: 'system' })],
      ['system permission in a project robot', robot(grant('/', 'user', 'create', 'system'))],
      ['own and foreign', robot([...grant('priva', 'repository', 'pull'), ...grant('privb', 'repository', 'pull')])],
    ];
    const before = await rows('robots');
    for (const [what, body] of wishes) {
      const answer = await status(owner, 'POST', '/robots', body);
      expect(answer >= 400 && answer < 500, `${what}: ${answer}`).toBe(true);
    }
    for (const role of ['maintainer', 'developer', 'guest', 'limitedGuest'] as const)
      expect(
        await status(scene.members[role], 'POST', '/robots', robot(grant('priva', 'repository', 'pull'))),
        role,
      ).toBe(403);
    expect(await status(scene.pushRobot, 'POST', '/robots', robot(grant('priva', 'repository', 'pull')))).toBe(403);
    expect(await rows('robots')).toEqual(before);

    const made = await call(owner, 'POST', '/robots', robot(grant('priva', 'repository', 'pull')));
    expect(made.status).toBe(201);
    const { id } = JSON.parse(made.text) as { id: number };
    const kept = await rows('robots');
    for (const [what, body] of wishes) {
      const { name: _name, ...change } = body as { name: string };
      const answer = await status(owner, 'PUT', `/robots/${id}`, change);
      expect(answer >= 400 && answer < 500, `${what} by update: ${answer}`).toBe(true);
    }
    expect(await rows('robots')).toEqual(kept);
  });

  it("S50 a project's settings and limit have no side door for lesser roles", async () => {
    const quota = JSON.parse(
      (await call(scene.admin, 'GET', `/quotas?reference_id=${await projectIdOf('priva')}`)).text,
    ) as {
      id: number;
    }[];
    const writes: [string, string, unknown][] = [
      ['PUT', '/projects/priva', { metadata: { public: 'true' } }],
      ['PUT', '/projects/priva', { public: true }],
      ['PUT', '/projects/priva', { storage_limit: -1 }],
      ['POST', '/projects/priva/metadatas/', { auto_scan: 'true' }],
      ['PUT', '/projects/priva/metadatas/public', { public: 'true' }],
      ['PUT', '/projects/priva/metadatas/prevent_vul', { prevent_vul: 'false' }],
      ['DELETE', '/projects/priva/metadatas/public', undefined],
      ['PUT', `/quotas/${quota[0]?.id}`, { hard: { storage: -1 } }],
      ['PUT', '/configurations', { storage_per_project: -1 }],
    ];
    const lesser = [
      scene.members.maintainer,
      scene.members.developer,
      scene.members.guest,
      scene.pushRobot,
      scene.stranger,
    ];
    const before = [await rows('projects'), await rows('settings'), await rows('quotas')];
    for (const actor of lesser)
      for (const [method, path, body] of writes)
        expect(await status(actor, method, path, body), `${actor.name} ${method} ${path}`).toBe(403);
    // The project's own admin sets its metadata, but neither its limit nor what belongs to other rooms.
    const owner = scene.members.projectAdmin;
    for (const [method, path, body] of writes.slice(-2))
      expect(await status(owner, method, path, body), path).toBe(403);
    for (const path of ['/projects/priva/metadatas/retention_id'])
      expect(await status(owner, 'PUT', path, { retention_id: '1' })).toBeGreaterThanOrEqual(400);
    await call(owner, 'PUT', '/projects/priva', { storage_limit: 5 });
    expect([await rows('projects'), await rows('settings'), await rows('quotas')]).toEqual(before);
    expect(await status(owner, 'PUT', '/projects/priva/metadatas/public', { public: 'false' })).toBe(200);
  });

  it('S51 an administrator reads everything except secrets', async () => {
    const canary = 'Canary-S51-robot-secret-9';
    const id = JSON.parse(
      (await call(scene.admin, 'GET', '/robots?q=Level=project,ProjectID=' + (await projectIdOf('priva')))).text,
    ) as {
      id: number;
    }[];
    const robotId = String(id[0]?.id);
    expect(await status(scene.admin, 'PATCH', `/robots/${robotId}`, { secret: canary })).toBe(200);
    const hashes = await core.database.query<{ password_hash: string }>('select password_hash from users');
    const hidden = [canary, ...hashes.map(({ password_hash }) => password_hash).filter(Boolean)];
    let read = 0;
    for (const endpoint of ENDPOINTS.filter(({ method, raw, base }) => method === 'GET' && !raw && base !== '')) {
      const path = addressOf(endpoint, { robot_id: robotId, user_id: '1', id: '1' });
      const answer = await fetch(core.url + path, { headers: authorization(scene.admin.credentials) });
      const text = await answer.text();
      if (answer.status === 200) read++;
      for (const secret of hidden) expect(text.includes(secret), endpoint.id).toBe(false);
      expect(text, endpoint.id).not.toMatch(/"(password|secret|salt|password_hash|secret_hash)":"[^"]/);
    }
    expect(read).toBeGreaterThan(20);
  });

  it('S52 nobody gives himself a role, and roles that do not exist are refused', async () => {
    const owner = scene.members.projectAdmin;
    const { data: members } = await owner.client.call(listProjectMembers, {
      params: { project_name_or_id: 'priva' },
    });
    const before = await rows('project_members');
    for (const role of ['maintainer', 'developer', 'guest', 'limitedGuest'] as const) {
      const actor = scene.members[role];
      const own = members.find(({ entity_name }) => entity_name === actor.name)?.id;
      const add = { role_id: 1, member_user: { username: actor.name } };
      expect(await status(actor, 'POST', '/projects/priva/members', add), role).toBe(403);
      expect(await status(actor, 'POST', '/projects/privb/members', add), role).toBe(403);
      expect(await status(actor, 'PUT', `/projects/priva/members/${own}`, { role_id: 1 }), role).toBe(403);
      expect(await status(actor, 'DELETE', `/projects/priva/members/${members[0]?.id}`), role).toBe(403);
    }
    for (const role of [0, -1, 6, 99, 1.5, '1', null, [1], { id: 1 }]) {
      const add = { role_id: role, member_user: { username: 'nobody-at-all' } };
      const answers = [
        await status(owner, 'POST', '/projects/priva/members', add),
        await status(owner, 'PUT', `/projects/priva/members/${members[0]?.id}`, { role_id: role }),
      ];
      for (const answer of answers) expect([400, 422], JSON.stringify(role)).toContain(answer);
    }
    expect(await rows('project_members')).toEqual(before);
    const add = { role_id: 3, member_user: { username: 'nobody-at-all' } };
    const added = await call(owner, 'POST', '/projects/priva/members', add);
    expect(added.status).toBe(201);
    const location = added.headers.get('location')?.replace('/api/v2.0', '') ?? '';
    expect(await status(owner, 'DELETE', location)).toBe(200);
  });

  it('S53 no list filters or sorts by anything but what it documents', async () => {
    const accepted: string[] = [];
    // Lists of what belongs to somebody or something need one that is there.
    const group = await call(scene.admin, 'POST', '/usergroups', { group_name: 'listed', group_type: 4 });
    const run = await new TaskStore(core.database).insertExecution(core.database, {
      vendorType: 'TEST',
      vendorId: 1,
      trigger: 'Manual',
      createdBy: 'admin',
      tasks: [],
    });
    const rules = [{ action: 'keep' }];
    const policy = await call(scene.admin, 'PUT', '/projects/priva/retention', { rules });
    const dryRun = await call(scene.admin, 'POST', '/projects/priva/retention/runs', { dry_run: true });
    const runId = dryRun.headers.get('location')?.split('/').pop() ?? '';
    const removal = await call(scene.admin, 'POST', '/projects/priva/repositories/app/removals/runs', {
      mode: 'untag',
      tags: ['v1'],
    });
    const ids = {
      user_id: '1',
      group_id: group.headers.get('location')?.split('/').pop() ?? '',
      execution_id: String(run.id),
      id: String((JSON.parse(policy.text) as { id: number }).id),
      eid: runId,
      run_id: runId,
      removal_id: removal.headers.get('location')?.split('/').pop() ?? '',
    };
    let lists = 0;
    const NEEDED: Readonly<Record<string, string>> = { searchUsers: '&username=a', searchUserGroups: '&groupname=a' };
    for (const endpoint of ENDPOINTS) {
      if (!endpoint.list || endpoint.method !== 'GET') continue;
      lists++;
      const at = async (query: string): Promise<{ code: number }> => ({
        code: (await callApi(core, scene.admin.credentials, 'GET', `${addressOf(endpoint, ids).slice(9)}?${query}`))
          .status,
      });
      const plain = await at(`sort=${encodeURIComponent(endpoint.list.defaultSort)}${NEEDED[endpoint.id] ?? ''}`);
      expect(plain.code, endpoint.id).toBe(200);
      for (const key of [
        'password',
        'password_hash',
        'salt',
        'secret',
        'secret_hash',
        'sysadmin',
        'credential_version',
      ]) {
        if (key in endpoint.list.filters || endpoint.list.sorts.includes(key))
          accepted.push(`${endpoint.id} lists by ${key}`);
        const queries = [
          `q=${key}=a`,
          `q=${key}=~^a`,
          `q=${key}=[a~b]`,
          `q=${key}={a b}`,
          `q=user.${key}=a`,
          `sort=${key}`,
          `sort=-user.${key}`,
          `${key}=a`,
          `fields=${key}`,
        ];
        const answers = await Promise.all(queries.map(async (query) => ({ query, ...(await at(query)) })));
        for (const { query, code } of answers) if (code !== 400) accepted.push(`${endpoint.id}?${query}: ${code}`);
      }
    }
    expect(accepted).toEqual([]);
    expect(lists).toBeGreaterThan(10);
  });

  it('S54 listing, counting and searching tell of readable projects only', async () => {
    await core.admin.call(createProject, { body: { project_name: 'privsecret' } });
    const looks = async (credentials: Credentials): Promise<string[]> => {
      const texts: string[] = [];
      for (const path of [
        '/projects?page_size=100',
        '/projects?name=priv',
        '/projects?q=name=~priv',
        '/projects?sort=-storage_used',
        '/repositories?page_size=100',
        '/repositories?q=name=~priv',
        '/search?q=priv',
        '/search?q=app',
        '/statistics',
      ]) {
        const { text, headers } = await callApi(core, credentials, 'GET', path);
        texts.push(`${path} ${headers.get('x-total-count') ?? ''} ${text}`);
      }
      const catalog = await fetch(`${core.url}/v2/_catalog?n=1000`, { headers: authorization(credentials) });
      return [...texts, `catalog ${await catalog.text()}`];
    };
    for (const actor of [scene.anonymous, scene.nobody]) {
      for (const text of await looks(actor.credentials)) expect(text, actor.name).not.toMatch(/priv(a|b|secret)\b/);
      for (const path of ['/projects?q=name=~priv', '/repositories?q=name=~priv'])
        expect((await call(actor, 'GET', path)).headers.get('x-total-count'), path).toBe('0');
    }
    for (const text of await looks(scene.stranger.credentials)) expect(text).not.toMatch(/priv(a|secret)\b/);
    expect((await call(scene.stranger, 'GET', '/projects?q=name=~priv')).headers.get('x-total-count')).toBe('1');
    expect((await call(scene.admin, 'GET', '/projects?q=name=~priv')).headers.get('x-total-count')).toBe('3');
  });

  it('S54 a project that may not be seen is answered like one that does not exist', async () => {
    for (const actor of [scene.anonymous, scene.nobody, scene.stranger, scene.pullRobot]) {
      const hidden = actor === scene.pullRobot ? 'privb' : 'priva';
      for (const [method, path] of [
        ['HEAD', '/projects?project_name=NAME'],
        ['GET', '/projects/NAME'],
        ['GET', '/projects/NAME/summary'],
        ['GET', '/projects/NAME/repositories'],
        ['GET', '/projects/NAME/repositories/app/artifacts/v1'],
        ['DELETE', '/projects/NAME'],
      ] as const) {
        const answer = async (name: string): Promise<unknown> => {
          const { status: code, text } = await call(actor, method, path.replace('NAME', name));
          return { code, text: text.replaceAll(name, 'NAME') };
        };
        expect(await answer(hidden), `${actor.name} ${method} ${path}`).toEqual(await answer('nosuch'));
      }
    }
    expect(await status(scene.admin, 'HEAD', '/projects?project_name=priva')).toBe(200);
  });

  it('S48 S54 robots of a project are listed for its members only', async () => {
    const id = await projectIdOf('priva');
    const path = `/robots?q=${encodeURIComponent(`Level=project,ProjectID=${id}`)}`;
    for (const actor of [scene.nobody, scene.stranger])
      expect(await status(actor, 'GET', path), actor.name).toBeGreaterThanOrEqual(403);
    expect(JSON.parse((await call(scene.members.guest, 'GET', path)).text)).not.toEqual([]);
  });
});
