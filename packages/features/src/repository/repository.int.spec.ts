import { AppError, listAllRepositories, type ListSpec } from '@moorage/contracts';
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
import { ContentChanges } from '../content/index.ts';
import { ANONYMOUS, type Caller, parseListQuery, type Principal, type ProjectRef } from '../http/index.ts';
import { RepositoryService } from './repository.service.ts';
import { RepositoryStore } from './repository.store.ts';

let test: TestDatabase;
let repositories: RepositoryService;
let ada: number;
let team: ProjectRef;
let open: ProjectRef;

const serviceOn = (database: TestDatabase['database']) =>
  new RepositoryService(new RepositoryStore(database), new ContentChanges(database));
const user = (isSysadmin = false): Principal => ({ kind: 'user', id: ada, username: 'ada', isSysadmin });
const caller = (): Caller => ({
  principal: user(),
  credential: 'session',
  address: '192.0.2.1',
  userAgent: 'test',
  requestId: 'request-1',
});
const page = (query: { q?: string; sort?: string; page_size?: string; page?: string } = {}) =>
  parseListQuery(listAllRepositories.list as ListSpec, query);
const namesFor = async (principal: Principal, query = {}) =>
  (await repositories.listReadable(principal, page(query))).items.map((item) => item.name);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

beforeAll(async () => {
  test = await createTestDatabase();
  repositories = serviceOn(test.database);
  ada = await seedUser(test.database, 'ada');
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('delete from projects');
  await test.database.query('delete from outbox_events');
  const ownerId = ada;
  team = { id: await seedProject(test.database, 'team', { ownerId }), name: 'team', isPublic: false };
  open = { id: await seedProject(test.database, 'open', { ownerId, isPublic: true }), name: 'open', isPublic: true };
  await seedRepository(test.database, team.id, 'team/a_b');
  await seedRepository(test.database, team.id, 'team/deep/web');
  await seedRepository(test.database, open.id, 'open/web');
  await test.database.query(`insert into repositories (project_id, name) values ($1, 'open/only-uploads')`, [open.id]);
});

describe('lists', () => {
  it('of all projects show and count what the caller may list', async () => {
    expect(await namesFor(ANONYMOUS)).toEqual(['open/web']);
    expect(await namesFor(user())).toEqual(['open/web']);
    expect((await namesFor(user(true))).sort()).toEqual(['open/web', 'team/a_b', 'team/deep/web']);
    await seedMember(test.database, team.id, ada, 5);
    expect((await repositories.listReadable(user(), page({ page_size: '1' }))).total).toBe(3);
    const robot: Principal = {
      kind: 'robot',
      id: 1,
      username: 'robot$x',
      projectId: null,
      grants: [{ kind: 'project', projectId: null, permissions: new Set(['repository:list']) }],
    };
    expect(await namesFor(robot)).toHaveLength(3);
  });

  it('filter and sort in SQL and keep projects apart', async () => {
    const names = async (query: object) => (await repositories.list(team, page(query))).items.map((item) => item.name);
    expect(await names({ q: 'name=~web' })).toEqual(['team/deep/web']);
    expect(await names({ q: 'name=~a_b' })).toEqual(['team/a_b']);
    expect(await names({ q: 'name=~%' })).toEqual([]);
    expect(await names({ sort: 'name' })).toEqual(['team/a_b', 'team/deep/web']);
    expect(await names({ q: `project_id=${open.id}` })).toEqual([]);
  });
});

describe('one repository', () => {
  it('is found inside its project only', async () => {
    expect(await repositories.get(team, 'deep/web')).toMatchObject({ name: 'team/deep/web', project_id: team.id });
    expect(await refusal(repositories.get(team, 'web'))).toBe('NOT_FOUND');
    expect(await refusal(repositories.get(open, 'only-uploads'))).toBe('NOT_FOUND');
  });

  it('takes a new description once, and tells of it', async () => {
    await repositories.update(caller(), team, 'a_b', '# Read me');
    await repositories.update(caller(), team, 'a_b', '# Read me');
    await repositories.update(caller(), team, 'a_b', undefined);
    expect(await repositories.get(team, 'a_b')).toMatchObject({ description: '# Read me' });
    const events = await test.database.query('select name, project_id from outbox_events');
    expect(events).toEqual([{ name: 'repository.updated', project_id: team.id }]);
    expect(await refusal(repositories.update(caller(), team, 'none', 'x'))).toBe('NOT_FOUND');
  });
});

describe('10,000 repositories', () => {
  beforeEach(async () => {
    await test.database.query(
      `insert into repositories (project_id, name, first_pushed_at, last_pushed_at, created_at)
       select $1, 'open/r' || lpad(n::text, 5, '0'), now(), now(), now() - n * interval '1 minute' from generate_series(1, 10000) n`,
      [open.id],
    );
    await test.database.query('analyze repositories');
  });

  it('cost the same number of statements for every page size', async () => {
    const counter = countStatements(test.database);
    const counted = serviceOn(counter.database);
    for (const page_size of ['10', '100']) {
      expect((await counted.list(open, page({ page_size }))).total).toBe(10_001);
      expect(counter.take()).toBe(2);
      expect((await counted.listReadable(ANONYMOUS, page({ page_size }))).total).toBe(10_001);
      expect(counter.take()).toBe(2);
    }
  });

  it('are paged from an index, newest first and by name', async () => {
    const counter = countStatements(test.database);
    const counted = serviceOn(counter.database);
    for (const [sort, index] of [
      ['-creation_time', 'repositories_project_newest'],
      ['name', 'repositories_project_id_name_key'],
    ] as const) {
      await counted.list(open, page({ sort }));
      expect((await counter.plans())[0]).toContain(index);
      counter.take();
    }
  });
});
