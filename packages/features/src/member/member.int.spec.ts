import {
  AppError,
  createProjectMember,
  listProjectMembers,
  type ListSpec,
  ROBOT_PROJECT_PERMISSIONS,
  ROLE_IDS,
  ROLE_PERMISSIONS,
} from '@moorage/contracts';
import {
  countStatements,
  createTestDatabase,
  seedMember,
  seedProject,
  seedUser,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GroupService } from '../group/index.ts';
import { GroupStore } from '../group/group.store.ts';
import { type Caller, parseListQuery, type Principal, type ProjectRef, type RobotGrant } from '../http/index.ts';
import { MemberService } from './member.service.ts';
import { MemberStore } from './member.store.ts';

let test: TestDatabase;
let members: MemberService;
let project: ProjectRef;
let other: ProjectRef;
const id: Record<string, number> = {};

const callerFor = (username: string, isSysadmin = false): Caller => ({
  principal: { kind: 'user', id: id[username] ?? 0, username, isSysadmin },
  credential: 'password',
  address: '192.0.2.1',
  userAgent: 'test',
  requestId: 'request-1',
});
const list = (query: { q?: string; page?: string; page_size?: string } = {}, name?: string) =>
  members.list(project, name, parseListQuery(listProjectMembers.list as ListSpec, query));
const add = (body: object) => members.add(callerFor('ada'), project, createProjectMember.body?.parse(body) as never);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

beforeAll(async () => {
  test = await createTestDatabase();
  members = new MemberService(new MemberStore(test.database), new GroupService(new GroupStore(test.database)));
  for (const name of ['ada', 'Bob', 'b_b', 'cleo']) id[name] = await seedUser(test.database, name);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('delete from projects');
  await test.database.query('delete from outbox_events');
  const ownerId = id.ada ?? 0;
  project = { id: await seedProject(test.database, 'team', { ownerId }), name: 'team', isPublic: false };
  other = { id: await seedProject(test.database, 'other', { ownerId }), name: 'other', isPublic: false };
});

describe('adding a member', () => {
  it('takes a user by id or by name in any case, and tells of it', async () => {
    await add({ role_id: 1, member_user: { user_id: id.ada } });
    const bob = await add({ role_id: 3, member_user: { username: 'bob' }, member_group: {} });
    expect((await list()).items.map((item) => [item.entity_name, item.role_name])).toEqual([
      ['Bob', 'guest'],
      ['ada', 'projectAdmin'],
    ]);
    const events = await test.database.query(`select name, payload -> 'data' as data from outbox_events order by id`);
    expect(events[1]).toMatchObject({ name: 'member.created', data: { memberId: bob, username: 'Bob' } });
  });

  it('refuses a second membership, unknown users, groups without a type and nobody', async () => {
    await add({ role_id: 2, member_user: { username: 'cleo' } });
    expect(await refusal(add({ role_id: 1, member_user: { user_id: id.cleo } }))).toBe('CONFLICT');
    expect(await refusal(add({ role_id: 1, member_user: { username: 'c%' } }))).toBe('NOT_FOUND');
    expect(await refusal(add({ role_id: 1, member_group: { group_name: 'devs' } }))).toBe('BAD_REQUEST');
    expect(await refusal(add({ role_id: 1 }))).toBe('BAD_REQUEST');
    expect((await list()).items.map((item) => item.role_id)).toEqual([2]);
  });
});

describe('S49 S52 a role given by a robot, a job or a narrowed token', () => {
  const GUEST = [...ROLE_PERMISSIONS.guest, 'member:create', 'member:update'];
  const holding = (permissions: readonly string[], projectId: number | null): RobotGrant[] => [
    { kind: 'project', projectId, permissions: new Set(permissions) },
  ];
  const kinds: readonly (readonly [string, (grants: RobotGrant[]) => Principal])[] = [
    ['robot', (grants) => ({ kind: 'robot', id: 7, username: 'robot$x', projectId: null, grants })],
    ['job', (grants) => ({ kind: 'federated', id: 7, username: 'job$x', grants, tokenSeconds: 60 })],
    [
      'narrowed token',
      (grants) => ({
        kind: 'user',
        id: id.ada ?? 0,
        username: 'ada',
        isSysadmin: false,
        narrowed: { isSysadmin: true, grants },
      }),
    ],
  ];

  it.each(kinds)('is no more than the %s holds', async (_kind, principalWith) => {
    const by = (grants: RobotGrant[]): Caller => ({ ...callerFor('ada'), principal: principalWith(grants) });
    const give = (caller: Caller, roleId: number) =>
      refusal(members.add(caller, project, { role_id: roleId, member_user: { username: 'cleo' } }));
    const bob = await seedMember(test.database, project.id, id.Bob ?? 0, ROLE_IDS.guest);
    const raise = (caller: Caller, roleId: number) => refusal(members.changeRole(caller, project, bob, roleId));
    const guest = by(holding(GUEST, project.id));
    const elsewhere = by(holding(GUEST, other.id));
    for (const roleId of [ROLE_IDS.projectAdmin, ROLE_IDS.maintainer, ROLE_IDS.developer]) {
      expect([await give(guest, roleId), await raise(guest, roleId)]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    }
    expect(await give(elsewhere, ROLE_IDS.limitedGuest)).toBe('FORBIDDEN');
    expect([await give(guest, ROLE_IDS.guest), await raise(guest, ROLE_IDS.limitedGuest)]).toEqual([
      'nothing was refused',
      'nothing was refused',
    ]);
  });

  it('may be every role for robots that hold all that robots can hold', async () => {
    const all = Object.entries(ROBOT_PROJECT_PERMISSIONS).flatMap(([resource, actions]) =>
      actions.map((action) => `${resource}:${action}`),
    );
    const grants = holding(all, null);
    const principal: Principal = { kind: 'robot', id: 7, username: 'robot$x', projectId: null, grants };
    const body = { role_id: ROLE_IDS.projectAdmin, member_user: { username: 'cleo' } };
    expect(await refusal(members.add({ ...callerFor('ada'), principal }, project, body))).toBe('nothing was refused');
  });
});

describe('changing members', () => {
  it('belongs to the project of the path', async () => {
    const elsewhere = await seedMember(test.database, other.id, id.Bob ?? 0, 3);
    expect(await refusal(members.get(project, elsewhere))).toBe('NOT_FOUND');
    expect(await refusal(members.changeRole(callerFor('ada'), project, elsewhere, 1))).toBe('NOT_FOUND');
    expect(await refusal(members.remove(callerFor('ada'), project, elsewhere))).toBe('NOT_FOUND');
    expect(await members.get(other, elsewhere)).toMatchObject({ entity_name: 'Bob', role_id: 3 });
  });

  it('keeps the last admin, except against a system administrator', async () => {
    const ada = await seedMember(test.database, project.id, id.ada ?? 0, 1);
    const bob = await seedMember(test.database, project.id, id.Bob ?? 0, 2);
    expect(await refusal(members.changeRole(callerFor('ada'), project, ada, 2))).toBe('PRECONDITION');
    expect(await refusal(members.remove(callerFor('ada'), project, ada))).toBe('PRECONDITION');
    await members.changeRole(callerFor('ada'), project, bob, 1);
    await members.changeRole(callerFor('ada'), project, ada, 2);
    await members.remove(callerFor('root', true), project, bob);
    expect((await list()).items.map((item) => item.entity_name)).toEqual(['ada']);
  });

  it('does not let two admins remove each other', async () => {
    const ada = await seedMember(test.database, project.id, id.ada ?? 0, 1);
    const bob = await seedMember(test.database, project.id, id.Bob ?? 0, 1);
    const outcomes = await Promise.all([
      refusal(members.remove(callerFor('Bob'), project, ada)),
      refusal(members.remove(callerFor('ada'), project, bob)),
    ]);
    expect(outcomes.sort()).toEqual(['PRECONDITION', 'nothing was refused']);
    expect((await list()).total).toBe(1);
  });
});

describe('listing members', () => {
  it('finds by part of the name, taking wildcards as they are, and leaves deleted users out', async () => {
    for (const name of ['ada', 'Bob', 'b_b']) await seedMember(test.database, project.id, id[name] ?? 0, 3);
    expect((await list({}, 'B_B')).items.map((item) => item.entity_name)).toEqual(['b_b']);
    expect((await list({ q: 'role_id=3,entity_name=ada' })).total).toBe(1);
    await test.database.query('update users set deleted_at = now() where id = $1', [id.b_b]);
    expect((await list()).total).toBe(2);
    await test.database.query('update users set deleted_at = null where id = $1', [id.b_b]);
  });

  it('costs the same number of statements for every page size', async () => {
    await test.database.query(
      `with made as (insert into users (username) select 'u' || n from generate_series(1, 300) n returning id)
       insert into project_members (project_id, entity_type, entity_id, role_id) select $1, 'u', id, 3 from made`,
      [project.id],
    );
    const counter = countStatements(test.database);
    const counted = new MemberService(
      new MemberStore(counter.database),
      new GroupService(new GroupStore(counter.database)),
    );
    const spec = listProjectMembers.list as ListSpec;
    for (const page_size of ['10', '100']) {
      await counted.list(project, undefined, parseListQuery(spec, { page_size }));
      expect(counter.take()).toBe(2);
    }
  });
});
