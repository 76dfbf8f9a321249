import { createProject, listProjects, type ListSpec, updateProject } from '@moorage/contracts';
import {
  countStatements,
  createTestDatabase,
  seedMember,
  seedProject,
  seedRepository,
  seedUser,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANONYMOUS, parseListQuery, type Principal } from '../src/http/index.ts';
import { callerOf, outcomeOf, projectRef, robotPrincipal, testCatalog, userPrincipal } from './catalog-core.ts';

let test: TestDatabase;
let projects: ReturnType<typeof testCatalog>['projects'];
const id = { admin: 0, owner: 0, guest: 0, stranger: 0 };

const user = (name: keyof typeof id): Principal => userPrincipal(id[name], name, name === 'admin');
const page = (query: { q?: string; sort?: string; page?: string; page_size?: string } = {}) =>
  parseListQuery(listProjects.list as ListSpec, query);
const make = (principal: Principal, body: object) =>
  projects.create(callerOf(principal), createProject.body?.parse(body) as never);
const namesFor = async (principal: Principal, selection = {}, query = {}) =>
  (await projects.list(principal, selection, page(query))).items.map((item) => item.name);
beforeAll(async () => {
  test = await createTestDatabase();
  projects = testCatalog(test.database).projects;
  id.admin = await seedUser(test.database, 'admin', { sysadmin: true });
  for (const name of ['owner', 'guest', 'stranger'] as const) id[name] = await seedUser(test.database, name);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('delete from projects');
  await test.database.query('delete from outbox_events');
});

describe('creating a project', () => {
  it('makes the creator owner and project admin, with a quota and one event', async () => {
    const made = await make(user('owner'), { project_name: 'team', metadata: { public: 'true', auto_scan: 'true' } });
    const shown = await projects.get(user('owner'), projectRef(made.id, made.name, true));
    expect(shown).toMatchObject({
      name: 'team',
      owner_name: 'owner',
      current_user_role_id: 1,
      current_user_role_ids: [1],
      togglable: true,
      repo_count: 0,
      storage_limit: -1,
      storage_used: 0,
      metadata: { public: 'true', auto_scan: 'true', severity: 'low', reuse_sys_cve_allowlist: 'true' },
    });
    const events = await test.database.query<{ name: string; project_id: number; payload: { audit: object } }>(
      'select name, project_id, payload from outbox_events',
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      name: 'project.created',
      project_id: made.id,
      payload: { audit: { username: 'owner', resourceType: 'project', resource: 'team', operation: 'create' } },
    });
  });

  it('takes a storage limit from a system administrator only', async () => {
    const byAdmin = await make(user('admin'), { project_name: 'limited', storage_limit: 1000 });
    const byOwner = await make(user('owner'), { project_name: 'open', storage_limit: 1000 });
    expect(await projects.get(user('admin'), projectRef(byAdmin.id, byAdmin.name))).toMatchObject({
      storage_limit: 1000,
    });
    expect(await projects.get(user('owner'), projectRef(byOwner.id, byOwner.name))).toMatchObject({
      storage_limit: -1,
    });
  });

  it('refuses a taken name, a registry, anonymous callers and robots without the permission', async () => {
    await make(user('owner'), { project_name: 'team' });
    expect(await outcomeOf(make(user('stranger'), { project_name: 'team' }))).toBe('CONFLICT');
    expect(await outcomeOf(make(user('owner'), { project_name: 'cache', registry_id: 1 }))).toBe('FORBIDDEN');
    expect(await outcomeOf(make(user('admin'), { project_name: 'cache', registry_id: 1 }))).toBe('BAD_REQUEST');
    expect(await outcomeOf(make(ANONYMOUS, { project_name: 'nobody' }))).toBe('UNAUTHORIZED');
    expect(await outcomeOf(make(robotPrincipal(), { project_name: 'machine' }))).toBe('FORBIDDEN');
    const rows = await test.database.query('select 1 from projects');
    expect(rows).toHaveLength(1);
  });

  it('follows the settings: who may create, and how much a new project may hold', async () => {
    await test.database.query(
      `insert into settings (key, value, updated_by)
       values ('project_creation_restriction', '"adminonly"', 'root'), ('storage_per_project', '500', 'root')`,
    );
    const strict = testCatalog(test.database).projects;
    const create = (principal: Principal, body: object) =>
      strict.create(callerOf(principal), createProject.body?.parse(body) as never);
    expect(await outcomeOf(create(user('owner'), { project_name: 'mine' }))).toBe('FORBIDDEN');
    await create(robotPrincipal(['system', null, 'project:create']), { project_name: 'made' });
    const made = await create(user('admin'), { project_name: 'ours' });
    expect(await strict.get(user('admin'), projectRef(made.id, 'ours'))).toMatchObject({ storage_limit: 500 });
    await test.database.query('delete from settings');
  });

  it('lets one of many simultaneous creators have the name', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => outcomeOf(make(user('owner'), { project_name: 'race' }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'CONFLICT')).toHaveLength(7);
  });
});

describe('seeing projects', () => {
  let hidden: number;
  let open: number;

  beforeEach(async () => {
    hidden = await seedProject(test.database, 'hidden', { ownerId: id.owner });
    open = await seedProject(test.database, 'open', { ownerId: id.owner, isPublic: true });
    await seedMember(test.database, hidden, id.guest, 3);
  });

  it('lists what each caller may read and counts nothing else', async () => {
    expect(await namesFor(user('admin'))).toEqual(['hidden', 'open']);
    expect(await namesFor(user('guest'))).toEqual(['hidden', 'open']);
    expect(await namesFor(user('stranger'))).toEqual(['open']);
    expect(await namesFor(ANONYMOUS)).toEqual(['open']);
    const readers = robotPrincipal(['project', hidden, 'project:read']);
    expect(await namesFor(readers)).toEqual(['hidden', 'open']);
    const pusher = robotPrincipal(['project', hidden, 'repository:push']);
    expect(await namesFor(pusher)).toEqual(['open']);
    const lister = robotPrincipal(['system', null, 'project:list']);
    expect(await namesFor(lister)).toEqual(['hidden', 'open']);
    const beyond = await projects.list(user('stranger'), {}, page({ page: '5' }));
    expect(beyond).toMatchObject({ items: [], total: 1 });
  });

  it('answers HEAD for a private project as for none', async () => {
    expect(await projects.exists(user('stranger'), 'hidden')).toBe(false);
    expect(await projects.exists(ANONYMOUS, 'hidden')).toBe(false);
    expect(await projects.exists(user('guest'), 'hidden')).toBe(true);
    expect(await projects.exists(user('guest'), 'hid%')).toBe(false);
  });

  it('filters by name, visibility, owner and q', async () => {
    expect(await namesFor(user('admin'), { name: 'idd' })).toEqual(['hidden']);
    expect(await namesFor(user('admin'), { name: '%' })).toEqual([]);
    expect(await namesFor(user('admin'), { isPublic: true })).toEqual(['open']);
    expect(await namesFor(user('admin'), { owner: 'guest' })).toEqual([]);
    expect(await namesFor(user('admin'), {}, { q: `project_id=${open}` })).toEqual(['open']);
    expect(await namesFor(user('admin'), {}, { q: 'owner=owner,name=~hid' })).toEqual(['hidden']);
    expect(await namesFor(user('admin'), {}, { sort: '-name' })).toEqual(['open', 'hidden']);
  });

  it('shows usage to those who may read the quota only', async () => {
    await test.database.query('update quotas set used_bytes = 40 where project_id = $1', [open]);
    await test.database.query('insert into quota_ledger (project_id, bytes) values ($1, 5), ($1, -3)', [open]);
    const shown = (principal: Principal) => projects.get(principal, { id: open, name: 'open', isPublic: true });
    expect(await shown(user('admin'))).toMatchObject({ storage_used: 42 });
    expect(await shown(ANONYMOUS)).not.toHaveProperty('storage_used');
  });

  it('sorts by what projects hold', async () => {
    await seedRepository(test.database, open, 'open/a');
    expect(await namesFor(user('admin'), {}, { sort: '-repo_count' })).toEqual(['open', 'hidden']);
    expect(await namesFor(user('admin'), {}, { sort: '-last_push_time' })).toEqual(['open', 'hidden']);
    expect(await namesFor(user('admin'), {}, { sort: 'storage_used' })).toEqual(['hidden', 'open']);
  });
});

describe('changing a project', () => {
  it('merges settings, keeps the rest and tells of real changes only', async () => {
    const { id: projectId } = await make(user('owner'), { project_name: 'team', metadata: { severity: 'high' } });
    const made = projectRef(projectId, 'team');
    const change = (body: object) =>
      projects.update(callerOf(user('owner')), made, updateProject.body?.parse(body) as never);
    await change({ metadata: { public: 'true', severity: '', prevent_vul: null } });
    await change({ metadata: { public: 'true' } });
    expect((await projects.get(user('owner'), made)).metadata).toMatchObject({ public: 'true', severity: 'high' });
    const events = await test.database.query<{ payload: { audit: { before: object; after: object } } }>(
      `select payload from outbox_events where name = 'project.updated'`,
    );
    expect(events.map((event) => event.payload.audit)).toMatchObject([
      { before: { metadata: { public: 'false' } }, after: { metadata: { public: 'true' } } },
    ]);
    expect(await outcomeOf(change({ project_name: 'other' }))).toBe('BAD_REQUEST');
    await change({ storage_limit: 5, metadata: {} });
    expect((await projects.get(user('owner'), made)).storage_limit).toBe(-1);
  });
});

describe('deleting a project', () => {
  it('refuses while it holds a repository, and takes everything of it along', async () => {
    const made = projectRef((await make(user('owner'), { project_name: 'team' })).id, 'team');
    const repository = await seedRepository(test.database, made.id, 'team/web');
    expect(await projects.deletable(made)).toMatchObject({ deletable: false });
    expect(await outcomeOf(projects.delete(callerOf(user('owner')), made, false))).toBe('PRECONDITION');
    await test.database.query('delete from repositories where id = $1', [repository]);
    // Only ever uploaded to: not shown, not in the way.
    await test.database.query(`insert into repositories (project_id, name) values ($1, 'team/draft')`, [made.id]);
    expect(await projects.deletable(made)).toEqual({ deletable: true });
    await test.database.query(`update projects set metadata = '{"trash_days": "0"}' where id = $1`, [made.id]);
    await projects.delete(callerOf(user('owner')), made, false);
    expect(await outcomeOf(projects.delete(callerOf(user('owner')), made, false))).toBe('NOT_FOUND');
    const rest = await test.database.query(
      'select id from project_members union all select id from quotas union all select id from repositories',
    );
    expect(rest).toEqual([]);
    const again = await make(user('stranger'), { project_name: 'team' });
    expect(again.id).toBeGreaterThan(made.id);
  });
});

describe('the summary', () => {
  it('counts what the project holds and hides members from strangers', async () => {
    const { id: projectId } = await make(user('owner'), { project_name: 'team', public: true });
    const made = projectRef(projectId, 'team', true);
    await seedMember(test.database, made.id, id.guest, 3);
    await seedRepository(test.database, made.id, 'team/web');
    expect(await projects.summary(user('guest'), made)).toMatchObject({
      repo_count: 1,
      project_admin_count: 1,
      guest_count: 1,
      developer_count: 0,
      quota: { hard: { storage: -1 }, used: { storage: 0 } },
    });
    expect(Object.keys(await projects.summary(ANONYMOUS, made)).sort()).toEqual([
      'artifact_count',
      'last_push_time',
      'repo_count',
      'tag_count',
    ]);
  });
});

describe('the cost of a list', () => {
  it('is the same number of statements for 10 rows and for 100 out of 1,000 projects', async () => {
    await test.database.query(
      `insert into projects (name, owner_id, is_public) select 'p' || lpad(n::text, 4, '0'), $1, n % 10 = 0 from generate_series(1, 1000) n`,
      [id.owner],
    );
    await test.database.query(
      `insert into project_members (project_id, entity_type, entity_id, role_id) select id, 'u', $1, 3 from projects where right(name, 1) in ('0', '2', '4', '6', '8')`,
      [id.guest],
    );
    const counter = countStatements(test.database);
    const counted = testCatalog(counter.database).projects;
    await counted.list(user('guest'), {}, page({ page_size: '10' }));
    const small = counter.take();
    const { items, total } = await counted.list(user('guest'), {}, page({ page_size: '100' }));
    expect(items).toHaveLength(100);
    expect(total).toBe(500);
    expect(counter.take()).toBe(small);
    expect(small).toBe(2);
  });
});
