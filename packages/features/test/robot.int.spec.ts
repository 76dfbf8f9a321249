import type { RobotPermission } from '@moorage/contracts';
import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessStore } from '../src/access/access.store.ts';
import { AccessAuthority } from '../src/access/index.ts';
import type { Caller, ListRequest } from '../src/http/index.ts';
import { RobotService } from '../src/robot/robot.service.ts';
import { RobotStore } from '../src/robot/robot.store.ts';
import { RobotRightService } from '../src/robot/robot-right.service.ts';
import { isGeneratedSecret } from '../src/secret/index.ts';
import { type TestClock, testCore } from './identity-core.ts';

const origin = { requestId: 'r', address: '192.0.2.1', userAgent: 'test' };
const admin: Caller = user(1, 'admin', true);
const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
const PULL_PUSH = ['repository:pull', 'repository:push'];

function user(id: number, username: string, isSysadmin = false): Caller {
  return { principal: { kind: 'user', id, username, isSysadmin }, credential: 'password', ...origin };
}

function entry(namespace: string, ...pairs: string[]): RobotPermission {
  const access = pairs.map((pair) => ({ resource: pair.split(':')[0] ?? '', action: pair.split(':')[1] ?? '' }));
  return { kind: namespace === '/' ? 'system' : 'project', namespace, access };
}

const list = (change: Partial<ListRequest> = {}): ListRequest => ({
  page: 1,
  pageSize: 100,
  conditions: [],
  sort: [{ key: 'id', descending: false }],
  ...change,
});
const equals = (key: string, value: string) => ({ key, kind: 'text', op: 'equals', value }) as const;
const ofProject = (id: number) => list({ conditions: [equals('Level', 'project'), equals('ProjectID', String(id))] });

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
}

let test: TestDatabase;
let clock: TestClock;
let core: ReturnType<typeof robotCore>;
let projects: { a: number; b: number };
let admA: Caller;
let maintA: Caller;
let count = 0;

function robotCore() {
  const identity = testCore(test.database);
  const authority = new AccessAuthority(new AccessStore(test.database));
  const rights = new RobotRightService(authority);
  const { robots, settings, clock: time } = identity;
  return { ...identity, service: new RobotService(new RobotStore(test.database), rights, robots, settings, time) };
}

async function newProject(name: string): Promise<number> {
  const rows = await test.database.query<{ id: number }>(
    'insert into projects (name, owner_id) values ($1, 1) returning id',
    [name],
  );
  return (rows[0] as { id: number }).id;
}

async function newMember(projectId: number, roleId: number): Promise<Caller> {
  const name = `robot-user${++count}`;
  const id = await core.users.create(admin, {
    username: name,
    password: 'Correct-horse-1',
    email: `${name}@example.com`,
    realname: name,
  });
  await test.database.query(
    `insert into project_members (project_id, entity_type, entity_id, role_id) values ($1, 'u', $2, $3)`,
    [projectId, id, roleId],
  );
  return user(id, name);
}

beforeAll(async () => {
  test = await createTestDatabase();
  core = robotCore();
  await core.users.ensureFirstAdmin(undefined);
  projects = { a: await newProject('a_b'), b: await newProject('axb') };
  admA = await newMember(projects.a, 1);
  maintA = await newMember(projects.a, 4);
});
afterAll(() => test.close());
beforeEach(() => {
  core = robotCore();
  clock = core.clock;
});

const make = (caller: Caller, name: string, change: Partial<Parameters<RobotService['create']>[1]> = {}) =>
  core.service.create(caller, { name, level: 'project', permissions: [entry('a_b', ...PULL_PUSH)], ...change });
const signIn = (name: string, secret: string) => core.login.resolveHeader(basic(name, secret), origin);

describe('a robot', () => {
  it('is made by a project admin, signs in with the secret shown once, and holds what it was given', async () => {
    const made = await make(admA, 'ci', { duration: 30, description: 'builds' });
    expect(made.name).toBe('robot$a_b+ci');
    expect(isGeneratedSecret('robot', made.secret)).toBe(true);
    expect(made.expires_at).toBe(clock.now().getTime() / 1000 + 30 * 86_400);
    const { principal, credential } = await signIn(made.name, made.secret);
    expect(credential).toBe('robot-secret');
    expect(principal).toMatchObject({ kind: 'robot', id: made.id, username: made.name, projectId: projects.a });
    const shown = await core.service.get(admA.principal, made.id);
    expect(shown).toMatchObject({
      name: made.name,
      level: 'project',
      duration: 30,
      disable: false,
      creator_type: 'local',
    });
    expect(shown.permissions).toEqual([
      {
        kind: 'project',
        namespace: 'a_b',
        access: [
          { resource: 'repository', action: 'pull', effect: 'allow' },
          { resource: 'repository', action: 'push', effect: 'allow' },
        ],
      },
    ]);
    const everything = await test.database.query(
      'select (select jsonb_agg(to_jsonb(r)) from robots r) as robots, (select jsonb_agg(payload) from outbox_events) as events',
    );
    expect(JSON.stringify([shown, everything])).not.toContain(made.secret);
  });

  it('is refused when disabled, expired, deleted, or of a deleted project; S11 at the next request', async () => {
    const made = await make(admA, 'ending', { duration: 1 });
    expect(await refusal(signIn(made.name, made.secret))).toBe('none');
    await core.service.update(admA, made.id, { disable: true });
    expect(await refusal(signIn(made.name, made.secret))).toBe('UNAUTHORIZED');
    await core.service.update(admA, made.id, { disable: false });
    expect(await refusal(signIn(made.name, made.secret))).toBe('none');
    clock.advance(86_400);
    expect(await refusal(signIn(made.name, made.secret))).toBe('UNAUTHORIZED');
    await core.service.update(admA, made.id, { duration: 10 });
    expect(await refusal(signIn(made.name, made.secret))).toBe('none');
    await core.service.delete(admA, made.id);
    expect(await refusal(signIn(made.name, made.secret))).toBe('UNAUTHORIZED');
    const gone = await newProject('gone');
    const orphan = await make(admin, 'orphan', { permissions: [entry('gone', 'repository:pull')] });
    const wide = await make(admin, 'wide', {
      level: 'system',
      permissions: [entry('gone', 'tag:list'), entry('a_b', 'tag:list')],
    });
    await test.database.query('update projects set deleted_at = now() where id = $1', [gone]);
    expect(await refusal(signIn(orphan.name, orphan.secret))).toBe('UNAUTHORIZED');
    expect(await refusal(core.service.get(admin.principal, orphan.id))).toBe('NOT_FOUND');
    const { principal } = await signIn(wide.name, wide.secret);
    expect(principal.kind === 'robot' && principal.grants.map((grant) => grant.projectId)).toEqual([projects.a]);
  });

  it('keeps its former secret for the overlap of a rotation, and loses it otherwise', async () => {
    const made = await make(admA, 'rotating');
    const second = await core.service.changeSecret(admA, made.id, { overlap_hours: 2 });
    expect(second.previous_secret_until?.getTime()).toBe(clock.now().getTime() + 7_200_000);
    for (const secret of [made.secret, second.secret]) expect(await refusal(signIn(made.name, secret))).toBe('none');
    clock.advance(7_200);
    expect(await refusal(signIn(made.name, made.secret))).toBe('UNAUTHORIZED');
    expect(await refusal(signIn(made.name, second.secret))).toBe('none');
    const third = await core.service.changeSecret(admA, made.id, { secret: 'Supplied-secret-1', overlap_hours: 2 });
    expect(third.secret).toBe('Supplied-secret-1');
    const fourth = await core.service.changeSecret(admA, made.id, { overlap_hours: 2 });
    expect(await refusal(signIn(made.name, second.secret))).toBe('UNAUTHORIZED');
    expect(await refusal(signIn(made.name, third.secret))).toBe('none');
    const fifth = await core.service.changeSecret(admA, made.id, {});
    for (const secret of [third.secret, fourth.secret])
      expect(await refusal(signIn(made.name, secret))).toBe('UNAUTHORIZED');
    expect(await refusal(signIn(made.name, fifth.secret))).toBe('none');
  });

  it('remembers when and from where it was last used', async () => {
    const made = await make(admA, 'used');
    await core.login.resolveHeader(basic(made.name, made.secret), { ...origin, address: '198.51.100.9' });
    await expect
      .poll(() => core.service.get(admA.principal, made.id))
      .toMatchObject({ last_used_address: '198.51.100.9', last_used_at: clock.now().toISOString() });
  });
});

describe('S49 nobody makes a robot that may do more than he may', () => {
  it.each([
    ['another project', 'project', [entry('axb', 'repository:pull')]],
    ['a project that is not there', 'project', [entry('absent', 'repository:pull')]],
    ['the system', 'system', [entry('a_b', 'repository:pull')]],
    ['every project', 'system', [entry('*', 'repository:pull')]],
    ['system permissions', 'system', [entry('/', 'project:create')]],
  ] as const)('a project admin for %s', async (_where, level, permissions) => {
    const before = await test.database.query('select count(*) as n from robots');
    expect(await refusal(make(admA, `wide${++count}`, { level, permissions: [...permissions] }))).toBe('FORBIDDEN');
    expect(await test.database.query('select count(*) as n from robots')).toEqual(before);
  });

  it('neither a maintainer, nor a robot beyond its own grants, nor a later update', async () => {
    expect(await refusal(make(maintA, 'by-maintainer'))).toBe('FORBIDDEN');
    const parent = await make(admin, 'parent', {
      level: 'system',
      permissions: [
        entry('/', 'robot:create', 'robot:read', 'project:list'),
        entry('a_b', 'repository:pull', 'robot:create'),
      ],
    });
    const robot = await signIn(parent.name, parent.secret);
    const child = await make(robot, 'child', { permissions: [entry('a_b', 'repository:pull')] });
    expect(await core.service.get(admin.principal, child.id)).toMatchObject({
      creator_type: 'robot',
      creator_ref: parent.id,
    });
    for (const permissions of [[entry('a_b', 'repository:push')], [entry('axb', 'repository:pull')]]) {
      expect(await refusal(make(robot, `child${++count}`, { permissions }))).toBe('FORBIDDEN');
    }
    for (const permissions of [
      [entry('/', 'user:create')],
      [entry('*', 'repository:pull')],
      [entry('absent', 'repository:pull')],
    ]) {
      expect(await refusal(make(robot, `child${++count}`, { level: 'system', permissions }))).toBe('FORBIDDEN');
    }
    expect(
      await refusal(make(robot, 'grandchild', { level: 'system', permissions: [entry('/', 'project:list')] })),
    ).toBe('none');
    const mine = await make(admA, 'mine');
    expect(await refusal(core.service.update(admA, mine.id, { permissions: [entry('axb', 'repository:pull')] }))).toBe(
      'BAD_REQUEST',
    );
    expect(await refusal(core.service.update(admA, mine.id, { level: 'system' }))).toBe('BAD_REQUEST');
    expect(await refusal(core.service.update(admA, mine.id, { name: 'other' }))).toBe('BAD_REQUEST');
    expect(await refusal(core.service.update(maintA, mine.id, { disable: true }))).toBe('FORBIDDEN');
  });

  it('and not for longer than the policy says', async () => {
    await core.settings.update(admin, { robot_max_duration: 90 });
    try {
      expect(await refusal(make(admA, 'forever', { duration: -1 }))).toBe('DENIED');
      expect(await refusal(make(admA, 'too-long', { duration: 91 }))).toBe('DENIED');
      const made = await make(admA, 'short', { duration: 90 });
      expect(await refusal(core.service.update(admA, made.id, { duration: -1 }))).toBe('DENIED');
      await core.service.update(admA, made.id, { duration: 90, description: 'kept' });
    } finally {
      await core.settings.update(admin, { robot_max_duration: -1 });
    }
  });
});

describe('robots of others', () => {
  it('S48 are not there for who may not see them', async () => {
    const theirs = await make(admin, 'theirs', { permissions: [entry('axb', 'repository:pull')] });
    const before = await core.service.get(admin.principal, theirs.id);
    for (const work of [
      () => core.service.get(admA.principal, theirs.id),
      () => core.service.update(admA, theirs.id, { disable: true }),
      () => core.service.changeSecret(admA, theirs.id, {}),
      () => core.service.delete(admA, theirs.id),
      () => core.service.get(admA.principal, 999_999),
    ]) {
      expect(await refusal(work())).toBe('NOT_FOUND');
    }
    expect(await core.service.get(admin.principal, theirs.id)).toEqual(before);
    expect(await refusal(core.service.list(admA.principal, ofProject(projects.b)))).toBe('FORBIDDEN');
    expect(await refusal(core.service.list(admA.principal, ofProject(999_999)))).toBe('FORBIDDEN');
    expect(await refusal(core.service.list(admA.principal, ofProject(2_147_483_648)))).toBe('FORBIDDEN');
    expect(await refusal(core.service.list(admA.principal, list()))).toBe('FORBIDDEN');
  });

  it('S99 are not found by names that look like patterns', async () => {
    const own = await core.service.list(admA.principal, ofProject(projects.a));
    expect(own.total).toBeGreaterThan(3);
    for (const robot of own.items) expect(robot.name).toMatch(/^robot\$a_b\+/);
    const found = async (value: string) =>
      (
        await core.service.list(
          admA.principal,
          list({
            conditions: [...ofProject(projects.a).conditions, { key: 'name', kind: 'text', op: 'contains', value }],
          }),
        )
      ).total;
    expect(await found('robot$a_b+')).toBe(own.total);
    expect([await found('robot$a%b'), await found('axb+'), await found('%ci%')]).toEqual([0, 0, 0]);
    const system = await core.service.list(admin.principal, list());
    for (const robot of system.items) expect(robot.level).toBe('system');
  });

  it('take a name once, and free it with the deletion', async () => {
    const first = await make(admA, 'twice');
    expect(await refusal(make(admA, 'twice'))).toBe('CONFLICT');
    await make(admin, 'twice', { permissions: [entry('axb', 'repository:pull')] });
    await core.service.delete(admA, first.id);
    const again = await make(admA, 'twice');
    expect(again.id).not.toBe(first.id);
    expect(await refusal(signIn(again.name, first.secret))).toBe('UNAUTHORIZED');
  });

  it('leave audit rows with what changed', async () => {
    const made = await make(admA, 'audited');
    await core.service.update(admA, made.id, { description: 'new', permissions: [entry('a_b', 'repository:pull')] });
    const rows = await test.database.query<{ payload: { audit: Record<string, unknown> }; project_id: number }>(
      `select payload, project_id from outbox_events where payload->'audit'->>'resource' = $1 order by id`,
      [made.name],
    );
    expect(rows.map((row) => [row.project_id, row.payload.audit.operation])).toEqual([
      [projects.a, 'create'],
      [projects.a, 'update'],
    ]);
    expect(rows[1]?.payload.audit).toMatchObject({
      before: { description: '', permissions: [{ access: PULL_PUSH }] },
      after: { description: 'new', permissions: [{ access: ['repository:pull'] }] },
    });
  });
});
