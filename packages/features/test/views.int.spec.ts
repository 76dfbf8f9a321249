import {
  seedMember,
  seedProject,
  seedRepository,
  seedUser,
  createTestDatabase,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../src/clock/index.ts';
import { ANONYMOUS, type Principal } from '../src/http/index.ts';
import { SearchService } from '../src/search/index.ts';
import { ArtifactSearchStore } from '../src/search/artifact-search.store.ts';
import { StatisticsService } from '../src/statistics/index.ts';
import { StatisticsStore } from '../src/statistics/statistics.store.ts';
import { robotPrincipal, testCatalog, userPrincipal } from './catalog-core.ts';

let test: TestDatabase;
let search: SearchService;
let statistics: StatisticsService;
let member: Principal;
let admin: Principal;
let secretId: number;

beforeAll(async () => {
  test = await createTestDatabase();
  const { access, projects, repositories } = testCatalog(test.database);
  search = new SearchService(projects, repositories, new ArtifactSearchStore(test.database));
  statistics = new StatisticsService(new StatisticsStore(test.database), access, new SystemClock());
  const ownerId = await seedUser(test.database, 'root', { sysadmin: true });
  admin = userPrincipal(ownerId, 'root', true);
  const memberId = await seedUser(test.database, 'ada');
  member = userPrincipal(memberId, 'ada');
  for (const name of ['web', 'web-site', 'the-web', 'a_b', 'axb']) {
    const id = await seedProject(test.database, name, { ownerId, isPublic: true });
    await seedRepository(test.database, id, `${name}/app`);
  }
  secretId = await seedProject(test.database, 'secret-web', { ownerId });
  await seedRepository(test.database, secretId, 'secret-web/app');
  await seedMember(test.database, secretId, memberId, 5);
  await test.database.query(`insert into blobs (digest, size) values ('\\x12aa', 100), ('\\x12bb', 20)`);
});
afterAll(() => test.close());

const found = async (principal: Principal, text: string) => {
  const result = await search.search(principal, text);
  return {
    projects: result.project.map((project) => project.name),
    repositories: result.repository.map((repository) => repository.repository_name),
  };
};

describe('search', () => {
  it('finds part of a name in any case, best matches first', async () => {
    expect(await found(admin, 'WEB')).toMatchObject({ projects: expect.arrayContaining(['web', 'secret-web']) });
    expect((await found(admin, 'web')).projects).toEqual(['web', 'web-site', 'secret-web', 'the-web']);
    expect((await found(admin, 'web/app')).repositories).toEqual(['web/app', 'the-web/app', 'secret-web/app']);
  });

  it('finds what the caller may see and nothing else', async () => {
    for (const principal of [ANONYMOUS, userPrincipal(99, 'stranger'), robotPrincipal()]) {
      expect(await found(principal, 'secret')).toEqual({ projects: [], repositories: [] });
    }
    expect(await found(member, 'secret')).toEqual({ projects: ['secret-web'], repositories: ['secret-web/app'] });
    const pusher = robotPrincipal(['project', secretId, 'repository:push']);
    expect(await found(pusher, 'secret')).toEqual({ projects: [], repositories: [] });
    const lister = robotPrincipal(['project', null, 'repository:list']);
    expect(await found(lister, 'secret')).toEqual({ projects: [], repositories: ['secret-web/app'] });
  });

  it('takes wildcards as they are', async () => {
    expect((await found(ANONYMOUS, 'a_b')).projects).toEqual(['a_b']);
    expect(await found(ANONYMOUS, '%')).toEqual({ projects: [], repositories: [] });
    expect(await found(ANONYMOUS, '\\')).toEqual({ projects: [], repositories: [] });
  });
});

describe('statistics', () => {
  it('count what the caller may see; bytes are for system administrators', async () => {
    expect(await statistics.get(admin)).toEqual({
      private_project_count: 1,
      public_project_count: 5,
      total_project_count: 6,
      private_repo_count: 1,
      public_repo_count: 5,
      total_repo_count: 6,
      total_storage_consumption: 120,
    });
    expect(await statistics.get(member)).toMatchObject({ private_project_count: 1, total_storage_consumption: 0 });
    expect(await statistics.get(userPrincipal(99, 'stranger'))).toMatchObject({
      private_project_count: 0,
      total_project_count: 5,
      private_repo_count: 0,
      total_repo_count: 5,
    });
  });
});
