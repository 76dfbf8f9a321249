import { listArtifacts, listArtifactsOfProject, listRepositoryTags, type ListSpec } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import {
  countStatements,
  createTestDatabase,
  seedProject,
  seedRepository,
  seedUser,
  type StatementCounter,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseListQuery, type ProjectRef } from '../src/http/index.ts';
import { projectRef, testCatalog } from './catalog-core.ts';

const ROWS = 100_000;
/** Without the parts and accessories of 10,000 indexes: those of the last index would lie beyond the last row. */
const LISTED = 70_003;
const FULL = {
  with_tag: true,
  with_label: true,
  with_immutable_status: true,
  with_accessory: true,
  with_inherited_accessory: true,
};

let test: TestDatabase;
let counter: StatementCounter;
let catalog: ReturnType<typeof testCatalog>;
let project: ProjectRef;

type Query = { q?: string; sort?: string; page?: string; page_size?: string };
const request = (endpoint: { list?: ListSpec }, query: Query = {}) => parseListQuery(endpoint.list as ListSpec, query);

/** A tenth are indexes of two untagged parts each, a tenth accessories of an index; every row but the parts has a tag. */
async function seedArtifacts(database: Database, projectId: number, repositoryId: number): Promise<void> {
  await database.query(
    `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, config_media_type, accessory_of,
       accessory_type, type, size, pushed_by, push_time)
     select $1, $2, '\\x12'::bytea || sha256(n::text::bytea), 'application/vnd.oci.image.manifest.v1+json', '\\x7b7d',
       case when n % 10 = 0 then 'index' else 'image' end, 'application/vnd.oci.image.config.v1+json',
       case when n % 10 = 1 then '\\x12'::bytea || sha256((n - 1)::text::bytea) end,
       case when n % 10 = 1 then 'signature.cosign' end, 'IMAGE', n, 'ada', timestamptz '2026-01-01' + n * interval '1 second'
     from generate_series(1, ${ROWS}) n`,
    [repositoryId, projectId],
  );
  await database.query(
    `insert into manifest_children (manifest_id, repository_id, position, child_digest, platform)
     select m.id, $1, part, '\\x12'::bytea || sha256((m.size + 1 + part)::text::bytea), '{"os": "linux", "architecture": "amd64"}'
     from manifests m, generate_series(1, 2) part where m.repository_id = $1 and m.kind = 'index'`,
    [repositoryId],
  );
  await database.query(
    `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time)
     select $1, $2, 'v' || lpad(m.size::text, 6, '0'), m.id, m.digest, 'ada', m.push_time from manifests m
     where m.repository_id = $1 and m.size % 10 not in (2, 3)`,
    [repositoryId, projectId],
  );
  await database.query('update manifests m set is_listed = is_manifest_listed(m) where repository_id = $1', [
    repositoryId,
  ]);
  await database.query('update repositories set artifact_count = $2, tag_count = $3 where id = $1', [
    repositoryId,
    ROWS,
    ROWS * 0.8,
  ]);
}

/** Neighbours in the same project, so that its repositories have to be told apart. */
async function seedNeighbours(database: Database, projectId: number): Promise<void> {
  await database.query(
    `insert into repositories (project_id, name, first_pushed_at, artifact_count)
     select $1, 'big/r' || n, now(), 400 from generate_series(1, 100) n`,
    [projectId],
  );
  await database.query(
    `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
     select r.id, $1, '\\x12'::bytea || sha256(n::text::bytea), 'application/vnd.oci.image.manifest.v1+json', '\\x7b7d',
       'image', 'IMAGE', n, 'ada', timestamptz '2025-02-01' + n * interval '1 second'
     from repositories r, generate_series(1, 400) n where r.name like 'big/r%'`,
    [projectId],
  );
}

beforeAll(async () => {
  test = await createTestDatabase();
  const ownerId = await seedUser(test.database, 'ada');
  project = projectRef(await seedProject(test.database, 'big', { ownerId }), 'big');
  await seedArtifacts(test.database, project.id, await seedRepository(test.database, project.id, 'big/app'));
  await seedNeighbours(test.database, project.id);
  await test.database.query('vacuum analyze');
  counter = countStatements(test.database);
  catalog = testCatalog(counter.database);
});
afterAll(() => test.close());

describe('statements', () => {
  beforeEach(() => void counter.take());

  it('are as many for 10 artifacts as for 100, with everything that can be shown', async () => {
    for (const page_size of ['10', '100']) {
      const page = await catalog.artifacts.list(project, 'app', FULL, request(listArtifacts, { page_size }));
      expect(page.items).toHaveLength(Number(page_size));
      expect(page.total).toBe(LISTED);
      expect(counter.take()).toBe(9);
      const all = request(listArtifactsOfProject, { page_size, q: 'base=*' });
      expect((await catalog.artifacts.listOfProject(project, false, FULL, all)).total).toBe(ROWS + 40_000);
      expect(counter.take()).toBe(8);
    }
  });

  it('are as many for 10 tags as for 100', async () => {
    for (const page_size of ['10', '100']) {
      const page = await catalog.tags.listOfRepository(
        project,
        'app',
        false,
        request(listRepositoryTags, { page_size }),
      );
      expect(page.items).toHaveLength(Number(page_size));
      expect(page.total).toBe(ROWS * 0.8);
      expect(counter.take()).toBe(4);
    }
  });
});

describe('plans', () => {
  beforeEach(() => void counter.take());
  // What is passed over on the way to a page; the page itself may be sorted.
  const limited = (plan: string) => plan.slice(plan.indexOf('Limit'));

  it('read artifacts in index order, also deep in the list and over a project, and count none of them', async () => {
    for (const number of ['1', '700']) {
      const deep = request(listArtifacts, { page: number, page_size: '100' });
      await catalog.artifacts.list(project, 'app', FULL, deep);
      const [, page = '', count = ''] = await counter.plans();
      expect(page).toContain('manifests_listed');
      expect(limited(page)).not.toMatch(/Seq Scan|Sort/);
      expect(count).not.toContain('manifests');
      counter.take();
      await catalog.artifacts.listOfProject(project, false, FULL, request(listArtifactsOfProject, { page: number }));
      const [projectPage = '', projectCount = ''] = await counter.plans();
      expect(projectPage).toContain('manifests_listed_project');
      expect(limited(projectPage)).not.toMatch(/Seq Scan on manifests|Sort/);
      expect(projectCount).not.toContain('manifests');
      counter.take();
    }
  });

  it('read the newest tags in index order, also deep in the list', async () => {
    for (const number of ['1', '500']) {
      const deep = request(listRepositoryTags, { page: number, page_size: '100' });
      await catalog.tags.listOfRepository(project, 'app', false, deep);
      const [, page = ''] = await counter.plans();
      expect(page).toContain('tags_newest');
      expect(page).not.toContain('Seq Scan');
      counter.take();
    }
  });

  it('read tags by name in index order', async () => {
    await catalog.tags.listOfRepository(project, 'app', false, request(listRepositoryTags, { sort: 'name' }));
    const [, page = ''] = await counter.plans();
    expect(page).toMatch(/Index Scan using tags_(pkey|name)/);
    expect(page).not.toMatch(/Seq Scan|-> {2}Sort/);
  });
});

describe('totals', () => {
  it('are the same for every order and page', async () => {
    const total = async (query: Query) =>
      (await catalog.artifacts.list(project, 'app', FULL, request(listArtifacts, query))).total;
    expect(await total({ q: 'id=[0~]' })).toBe(LISTED);
    expect(await total({ sort: 'size' })).toBe(LISTED);
    expect(await total({ page: '9000' })).toBe(LISTED);
  });

  it('do not depend on how the rows are found', async () => {
    const near = await catalog.artifacts.list(
      project,
      'app',
      FULL,
      request(listArtifacts, { page: '10', page_size: '100' }),
    );
    const asSet = request(listArtifacts, { page: '10', page_size: '100', sort: '-push_time,-id' });
    const far = await catalog.artifacts.list(project, 'app', FULL, asSet);
    expect(far.items.map((item) => item.id)).toEqual(near.items.map((item) => item.id));
  });
});
