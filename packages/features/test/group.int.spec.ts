import {
  createProjectMember,
  createUserGroup,
  GROUP_TYPES,
  listProjectMembers,
  listProjects,
  listUserGroupMembers,
  listUserGroupRoles,
  listUserGroups,
  type ListSpec,
} from '@moorage/contracts';
import {
  countStatements,
  createTestDatabase,
  seedGroup,
  seedGroupMember,
  seedMember,
  seedProject,
  seedUser,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GroupSource, GroupMembershipService, GroupService } from '../src/group/index.ts';
import { GroupStore } from '../src/group/group.store.ts';
import { GroupMembershipStore } from '../src/group/group-membership.store.ts';
import { parseListQuery } from '../src/http/index.ts';
import { MemberService } from '../src/member/member.service.ts';
import { MemberStore } from '../src/member/member.store.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';
import { TestClock } from './identity-core.ts';

const FIRST: GroupSource = { id: 1, kind: 'oidc', isFirst: true };
const SECOND: GroupSource = { id: 2, kind: 'oidc', isFirst: false };
const LDAP: GroupSource = { id: 3, kind: 'ldap', isFirst: true };

let test: TestDatabase;
let groups: GroupService;
let memberships: GroupMembershipService;
let members: MemberService;
let projectId = 0;
const id = { admin: 0, ada: 0, bob: 0 };
const clock = new TestClock();
const page = (endpoint: { readonly list?: ListSpec } = listUserGroups) => parseListQuery(endpoint.list as ListSpec, {});
const admin = () => callerOf(userPrincipal(id.admin, 'admin', true));
const create = (body: object) => groups.create(admin(), createUserGroup.body?.parse(body) as never);
const join = (body: object) =>
  members.add(admin(), projectRef(projectId, 'team', false), createProjectMember.body?.parse(body) as never);
const groupsOf = async (userId: number) =>
  (await groups.list({ userId }, page())).items.map((group) => group.group_name).sort();
const eventNames = async () =>
  (await test.database.query<{ name: string }>('select name from outbox_events order by id')).map(({ name }) => name);
const roleOf = async (userId: number) =>
  testCatalog(test.database).access.bindings(userPrincipal(userId, 'x'), projectRef(projectId, 'team', false));

beforeAll(async () => {
  test = await createTestDatabase();
  groups = new GroupService(new GroupStore(test.database));
  memberships = new GroupMembershipService(new GroupMembershipStore(test.database), groups, clock);
  members = new MemberService(new MemberStore(test.database), groups);
  id.admin = await seedUser(test.database, 'admin', { sysadmin: true });
  id.ada = await seedUser(test.database, 'ada');
  id.bob = await seedUser(test.database, 'bob');
  for (const [source, kind] of [
    ...[FIRST, SECOND, LDAP].map((known) => [known.id, known.kind]),
    [7, 'ldap'],
    [8, 'ldap'],
  ]) {
    await test.database.query(
      `insert into identity_sources (id, uid, kind, name, settings, is_enabled) overriding system value
       values ($1::int, gen_random_uuid(), $2, 'source ' || $1::int::text, '{}', true)`,
      [source, kind],
    );
  }
});
afterAll(() => test.close());
beforeEach(async () => {
  for (const table of ['projects', 'user_groups', 'outbox_events']) await test.database.query(`delete from ${table}`);
  projectId = await seedProject(test.database, 'team', { ownerId: id.admin });
});

describe('user groups', () => {
  it('are one by type and name, and by DN in any spelling for directories (S52)', async () => {
    await create({ group_name: 'devs', group_type: 3 });
    await create({ group_name: 'devs', group_type: 4 });
    expect(await outcomeOf(create({ group_name: 'devs', group_type: 3 }))).toBe('CONFLICT');
    const dn = await create({ group_type: 1, ldap_group_dn: 'CN=Web Team,OU=Groups,DC=example,DC=org' });
    expect(await groups.get(dn)).toMatchObject({ group_name: 'Web Team', group_type: 1, member_count: 0 });
    expect(await outcomeOf(create({ group_type: 1, ldap_group_dn: 'cn=web team, ou=groups,dc=EXAMPLE,dc=org' }))).toBe(
      'CONFLICT',
    );
    const found = await groups.list({ dn: 'cn=web team,ou=groups, dc=example,dc=org' }, page());
    expect(found.items.map((group) => group.id)).toEqual([dn]);
  });

  it('need what their type needs', async () => {
    expect(await outcomeOf(create({ group_name: 'x', group_type: 1 }))).toBe('BAD_REQUEST');
    expect(await outcomeOf(create({ group_type: 1, ldap_group_dn: 'no dn' }))).toBe('BAD_REQUEST');
    expect(await outcomeOf(create({ group_type: 3 }))).toBe('BAD_REQUEST');
    expect(await outcomeOf(create({ group_name: 'x', group_type: 4, source_id: 1 }))).toBe('BAD_REQUEST');
  });

  it('are searched by whole name, and by a part of it for administrators', async () => {
    await create({ group_name: 'Dev_ops', group_type: 4 });
    expect((await groups.search('dev_ops', false, page())).total).toBe(1);
    expect((await groups.search('dev', false, page())).total).toBe(0);
    expect((await groups.search('v_o', true, page())).total).toBe(1);
    expect((await groups.search('v%o', true, page())).total).toBe(0);
  });

  it('of a second source are others than those of the first, and pickers can tell them apart', async () => {
    const entry = { group_name: 'crew', group_type: 1, ldap_group_dn: 'cn=crew,dc=x' };
    await join({ role_id: 2, member_group: entry });
    await join({ role_id: 3, member_group: { ...entry, source_id: 7 } });
    expect(await outcomeOf(create({ ...entry, source_id: 7 }))).toBe('CONFLICT');
    await create({ ...entry, source_id: 8 });
    const seen = (await groups.search('cre', true, page())).items;
    expect(seen.map(({ source_id, ldap_group_dn }) => [source_id, ldap_group_dn])).toEqual([
      [undefined, 'cn=crew,dc=x'],
      [7, 'cn=crew,dc=x'],
      [8, 'cn=crew,dc=x'],
    ]);
    const toOthers = (await groups.search('crew', false, page())).items;
    expect(toOthers.map(({ ldap_group_dn }) => ldap_group_dn)).toEqual([undefined, undefined, undefined]);
  });

  it('are renamed unless a source names them, and deleted together with the roles they give', async () => {
    const managed = await create({ group_name: 'devs', group_type: 4 });
    const external = await create({ group_name: 'ops', group_type: 3 });
    await create({ group_name: 'taken', group_type: 4 });
    await groups.rename(admin(), managed, 'builders');
    expect(await outcomeOf(groups.rename(admin(), managed, 'taken'))).toBe('CONFLICT');
    expect(await outcomeOf(groups.rename(admin(), external, 'others'))).toBe('BAD_REQUEST');
    await join({ role_id: 2, member_group: { id: managed } });
    await seedGroupMember(test.database, managed, id.ada);
    expect((await groups.roles(managed, page(listUserGroupRoles))).items).toMatchObject([
      { project_name: 'team', role_name: 'developer' },
    ]);
    expect(await roleOf(id.ada)).toEqual([{ role: 'developer', group: 'builders' }]);
    await groups.delete(admin(), managed);
    expect(await roleOf(id.ada)).toEqual([]);
    expect(await outcomeOf(groups.delete(admin(), managed))).toBe('NOT_FOUND');
    expect(await test.database.query(`select 1 from project_members where entity_type = 'g'`)).toEqual([]);
  });
});

describe('members of managed groups', () => {
  it('are added by name or id and removed, with events', async () => {
    const group = await create({ group_name: 'devs', group_type: 4 });
    expect(await memberships.add(admin(), group, { username: 'ADA' })).toBe(id.ada);
    expect(await outcomeOf(memberships.add(admin(), group, { user_id: id.ada }))).toBe('CONFLICT');
    expect(await outcomeOf(memberships.add(admin(), group, { username: 'nobody' }))).toBe('NOT_FOUND');
    expect(await outcomeOf(memberships.add(admin(), group, {}))).toBe('BAD_REQUEST');
    expect((await memberships.list(group, page(listUserGroupMembers))).items).toMatchObject([
      { user_id: id.ada, username: 'ada' },
    ]);
    expect((await groups.get(group)).member_count).toBe(1);
    await memberships.remove(admin(), group, id.ada);
    expect(await outcomeOf(memberships.remove(admin(), group, id.ada))).toBe('NOT_FOUND');
    expect(await eventNames()).toEqual(['group.created', 'group.member-added', 'group.member-removed']);
  });

  it('cannot be chosen here in a group of a source', async () => {
    const group = await create({ group_name: 'devs', group_type: 3 });
    expect(await outcomeOf(memberships.add(admin(), group, { user_id: id.ada }))).toBe('PRECONDITION');
    await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'devs' }]);
    expect(await outcomeOf(memberships.remove(admin(), group, id.ada))).toBe('PRECONDITION');
  });
});

describe('memberships a source tells', () => {
  it('S31 replace what it told before and touch nothing else', async () => {
    const managed = await create({ group_name: 'mine', group_type: 4 });
    await memberships.add(admin(), managed, { user_id: id.ada });
    await memberships.replaceMemberships(id.bob, FIRST, [{ name: 'g1' }]);
    const first = await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'g1' }, { name: 'g2' }, { name: 'g1' }]);
    expect(first).toEqual({ added: ['g1', 'g2'], removed: [] });
    clock.advance(60);
    const before = (await eventNames()).length;
    expect(await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'g2' }, { name: 'g1' }])).toEqual({
      added: [],
      removed: [],
    });
    expect((await eventNames()).length).toBe(before);
    const last = await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'g2' }, { name: 'g3' }]);
    expect(last).toEqual({ added: ['g3'], removed: ['g1'] });
    expect(await groupsOf(id.ada)).toEqual(['g2', 'g3', 'mine']);
    expect(await groupsOf(id.bob)).toEqual(['g1']);
  });

  it('fill no group of another source or kind, however it is called', async () => {
    const admins = await create({ group_name: 'admins', group_type: 3 });
    await create({ group_name: 'admins', group_type: 4 });
    await join({ role_id: 1, member_group: { id: admins } });
    await memberships.replaceMemberships(id.bob, SECOND, [{ name: 'admins' }]);
    expect(await roleOf(id.bob)).toEqual([]);
    await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'admins' }]);
    expect(await roleOf(id.ada)).toEqual([{ role: 'projectAdmin', group: 'admins' }]);
    await memberships.replaceMemberships(id.bob, LDAP, [{ name: 'admins', dn: 'cn=admins,dc=x' }]);
    expect(await roleOf(id.bob)).toEqual([]);
    expect(await groupsOf(id.bob)).toEqual(['admins', 'admins']);
  });

  it('leave out names that cannot be kept whole, and users who are gone', async () => {
    await memberships.replaceMemberships(id.ada, FIRST, [
      { name: '' },
      { name: 'x'.repeat(256) },
      { name: 'line\nbreak' },
      { name: 'nul\0' },
      { name: 'ok' },
    ]);
    await memberships.replaceMemberships(id.ada, LDAP, [{ name: 'bad', dn: 'no dn' }]);
    expect(await groupsOf(id.ada)).toEqual(['ok']);
    expect(await memberships.replaceMemberships(999_999, FIRST, [{ name: 'ok' }])).toBeNull();
  });

  it('end with the source', async () => {
    await memberships.replaceMemberships(id.ada, SECOND, [{ name: 'theirs' }]);
    await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'ours' }]);
    await join({ role_id: 2, member_group: { group_name: 'theirs', group_type: 3, source_id: 2 } });
    expect(await roleOf(id.ada)).toEqual([{ role: 'developer', group: 'theirs' }]);
    await test.database.transaction((transaction) => memberships.forgetSource(transaction, SECOND, null));
    expect(await groupsOf(id.ada)).toEqual(['ours']);
    expect(await roleOf(id.ada)).toEqual([]);
  });

  it('S31 S52 of the first source are inherited by nobody, and the next one keeps its own groups', async () => {
    const later: GroupSource = { ...SECOND, isFirst: true };
    await create({ group_name: 'admins', group_type: 3 });
    const managed = await create({ group_name: 'admins', group_type: 4 });
    const directory = await create({ group_type: 1, ldap_group_dn: 'cn=admins,dc=x' });
    await join({ role_id: 1, member_group: { group_name: 'admins', group_type: 3 } });
    await join({ role_id: 3, member_group: { group_name: 'devs', group_type: 3, source_id: 2 } });
    await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'admins' }]);
    await memberships.replaceMemberships(id.bob, SECOND, [{ name: 'admins' }, { name: 'devs' }]);
    expect(await roleOf(id.ada)).toEqual([{ role: 'projectAdmin', group: 'admins' }]);
    expect(await roleOf(id.bob)).toEqual([{ role: 'guest', group: 'devs' }]);
    await test.database.transaction((transaction) => memberships.forgetSource(transaction, FIRST, SECOND.id));
    expect(await roleOf(id.ada)).toEqual([]);
    await memberships.replaceMemberships(id.bob, later, [{ name: 'admins' }, { name: 'devs' }]);
    expect(await roleOf(id.bob)).toEqual([{ role: 'guest', group: 'devs' }]);
    for (const kept of [managed, directory]) expect((await groups.get(kept)).id).toBe(kept);
    expect((await groups.list({ name: 'devs' }, page())).total).toBe(1);
  });

  it('S31 are not written when what they require no longer holds', async () => {
    expect(await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'late' }], async () => false)).toBeNull();
    expect(await groupsOf(id.ada)).toEqual([]);
    expect((await groups.list({ name: 'late' }, page())).total).toBe(0);
    await memberships.replaceMemberships(id.ada, FIRST, [{ name: 'late' }], async () => true);
    expect(await groupsOf(id.ada)).toEqual(['late']);
  });

  it('of one user stay whole when refreshes meet', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        memberships.replaceMemberships(id.ada, FIRST, [{ name: `only-${n}` }, { name: 'all' }]),
      ),
    );
    const left = await groupsOf(id.ada);
    expect(left).toHaveLength(2);
    expect(left).toContain('all');
  });
});

describe('groups as members of a project (RBAC-2)', () => {
  it('join by id, by DN, or by name and type, and show in the list', async () => {
    const managed = await create({ group_name: 'devs', group_type: 4 });
    await join({ role_id: 3, member_group: { id: managed }, member_user: {} });
    await join({ role_id: 2, member_group: { ldap_group_dn: 'cn=ops,ou=groups,dc=x' } });
    await join({ role_id: 2, member_group: { group_name: 'qa', group_type: 3 } });
    await join({ role_id: 4, member_user: { user_id: id.ada } });
    const shown = await members.list(projectRef(projectId, 'team', false), undefined, page(listProjectMembers));
    expect(shown.items.map((item) => [item.entity_type, item.entity_name, item.role_name]).sort()).toEqual([
      ['g', 'devs', 'guest'],
      ['g', 'ops', 'developer'],
      ['g', 'qa', 'developer'],
      ['u', 'ada', 'maintainer'],
    ]);
    expect(await outcomeOf(join({ role_id: 1, member_group: { group_name: 'qa', group_type: 3 } }))).toBe('CONFLICT');
    expect(
      await outcomeOf(join({ role_id: 1, member_group: { ldap_group_dn: 'CN=ops, OU=groups,dc=x', group_type: 1 } })),
    ).toBe('CONFLICT');
    expect(await outcomeOf(join({ role_id: 1, member_group: { group_name: 'no', group_type: 4 } }))).toBe('NOT_FOUND');
    expect(await outcomeOf(join({ role_id: 1, member_group: { id: 999_999 } }))).toBe('NOT_FOUND');
    const project = projectRef(projectId, 'team', false);
    const qa = shown.items.find((item) => item.entity_name === 'qa')?.id ?? 0;
    await members.changeRole(admin(), project, qa, 5);
    expect((await members.get(project, qa)).role_name).toBe('limitedGuest');
    await members.remove(admin(), project, qa);
    expect(await outcomeOf(members.get(project, qa))).toBe('NOT_FOUND');
  });

  it('give the union of rights, and the project shows every role and the strongest', async () => {
    const [guests, makers] = [await seedGroup(test.database, 'guests'), await seedGroup(test.database, 'makers')];
    for (const group of [guests, makers]) await seedGroupMember(test.database, group, id.ada);
    await seedMember(test.database, projectId, guests, 3, 'g');
    await seedMember(test.database, projectId, makers, 4, 'g');
    await seedMember(test.database, projectId, id.ada, 2);
    const { access, projects } = testCatalog(test.database);
    const [ada, bob] = [userPrincipal(id.ada, 'ada'), userPrincipal(id.bob, 'bob')];
    const project = projectRef(projectId, 'team', false);
    expect(await projects.get(ada, project)).toMatchObject({
      current_user_role_id: 4,
      current_user_role_ids: [2, 3, 4],
    });
    const decision = await access.decideInProject(ada, project, 'artifact:delete');
    expect(decision.allowed).toBe(true);
    expect(decision.reasons).toEqual([
      {
        kind: 'group-role',
        text: 'Role maintainer (through group makers) in project team includes artifact:delete.',
        code: 'group-role',
        values: { role: 'maintainer', group: 'makers', project: 'team', permission: 'artifact:delete' },
      },
    ]);
    expect((await access.decideInProject(ada, project, 'member:create')).reasons[0]?.text).toContain(
      'maintainer (through group makers)',
    );
    expect((await projects.list(ada, {}, page(listProjects))).total).toBe(1);
    expect((await projects.list(bob, {}, page(listProjects))).total).toBe(0);
  });

  it('cost the same number of statements for one group and for 500', async () => {
    const counter = countStatements(test.database);
    const { access, projects } = testCatalog(counter.database);
    const ada = userPrincipal(id.ada, 'ada');
    const project = projectRef(projectId, 'team', false);
    const cost = async () => {
      await access.decideInProject(ada, project, 'repository:push');
      await projects.list(ada, {}, page(listProjects));
      return counter.take();
    };
    const few = await cost();
    await memberships.replaceMemberships(
      id.ada,
      FIRST,
      Array.from({ length: 500 }, (_, n) => ({ name: `g${n}` })),
    );
    await test.database.query(
      `insert into project_members (project_id, entity_type, entity_id, role_id) select $1, 'g', id, 2 from user_groups where group_type = $2`,
      [projectId, GROUP_TYPES.oidc],
    );
    expect(await cost()).toBe(few);
    expect((await access.decideInProject(ada, project, 'repository:push')).allowed).toBe(true);
  });
});
