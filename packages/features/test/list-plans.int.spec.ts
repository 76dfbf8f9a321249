import {
  listAccessories,
  listAllRepositories,
  listAllTrash,
  listLabels,
  listProjects,
  listRepositoryTags,
  type ListSpec,
  listReferrers,
  listTagHistory,
  listTrash,
} from '@moorage/contracts';
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
import { ArtifactStore } from '../src/artifact/artifact.store.ts';
import { AccessoryStore } from '../src/artifact/accessory.store.ts';
import { TagStore } from '../src/artifact/tag.store.ts';
import { parseListQuery, type Principal } from '../src/http/index.ts';
import { LabelStore } from '../src/label/label.store.ts';
import { ProjectStore } from '../src/project/project.store.ts';
import { RepositoryStore } from '../src/repository/repository.store.ts';
import { TagHistoryStore } from '../src/tag-history/tag-history.store.ts';
import { TrashStore } from '../src/trash/trash.store.ts';
import { userPrincipal } from './catalog-core.ts';

/** In each of the repositories. */
const ROWS = 8_000;
const DIGEST = `sha256:${'0'.repeat(64)}` as const;

let test: TestDatabase;
let counter: StatementCounter;
let admin: Principal;
let projectId: number;
let repositoryId: number;

type Query = { q?: string; sort?: string; page?: string; page_size?: string };
const request = (endpoint: { list?: ListSpec }, query: Query = {}) =>
  parseListQuery(endpoint.list as ListSpec, { page_size: '10', ...query });

/** Repositories side by side, so that the rows of one have to be found among all. */
async function seedContent(database: Database): Promise<void> {
  await database.query(
    `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time,
       subject_digest, accessory_of, accessory_type)
     select r.id, r.project_id, '\\x12'::bytea || sha256(n::text::bytea), 'application/vnd.oci.image.manifest.v1+json', '\\x7b7d',
       'image', 'IMAGE', n, 'ada', timestamptz '2026-01-01' + n * interval '1 second',
       case when n % 2 = 0 then $1::bytea end, case when n % 2 = 0 then $1::bytea end, case when n % 2 = 0 then 'signature.cosign' end
     from repositories r, generate_series(1, ${ROWS}) n`,
    [Buffer.from(`12${'0'.repeat(64)}`, 'hex')],
  );
  await database.query(
    `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time)
     select repository_id, project_id, 'v1.' || size, id, digest, 'ada', push_time from manifests where size % 2 = 1`,
  );
  await database.query(
    `insert into trash_items (project_id, kind, repository, title, deleted_by, deleted_at, expires_at)
     select r.project_id, 'tag', r.name, 't' || n, 'ada', now() - n * interval '1 minute', now() + interval '7 days'
     from repositories r, generate_series(1, 2000) n`,
  );
  await database.query(
    `insert into labels (project_id, name) select id, 'l' || n from projects, generate_series(1, 2000) n
     union all select null, 'l' || n from generate_series(1, 2000) n`,
  );
}

beforeAll(async () => {
  test = await createTestDatabase();
  const ownerId = await seedUser(test.database, 'ada');
  admin = userPrincipal(ownerId, 'ada', true);
  for (const name of ['a', 'b', 'c', 'd']) {
    projectId = await seedProject(test.database, name, { ownerId });
    repositoryId = await seedRepository(test.database, projectId, `${name}/app`);
  }
  await seedContent(test.database);
  await test.database.query(
    `insert into repositories (project_id, name, first_pushed_at) select $1, 'd/r' || n, now() from generate_series(1, 5000) n`,
    [projectId],
  );
  await test.database.query('vacuum analyze');
  counter = countStatements(test.database);
});
afterAll(() => test.close());
beforeEach(() => void counter.take());

describe('tags of a repository', () => {
  it.each([
    ['version', 'tags_version'],
    ['-version', 'tags_version'],
    ['size', 'tags_size'],
    ['-type', 'tags_type'],
    ['-pull_time', 'tags_pulled'],
    ['-push_time', 'tags_newest'],
  ])('in the order of %s come from an index of that order', async (sort, index) => {
    await new TagStore(counter.database).listOfRepository(
      projectId,
      repositoryId,
      request(listRepositoryTags, { sort }),
    );
    const [page = ''] = await counter.plans();
    expect(page).toContain(index);
    expect(page).not.toMatch(/Seq Scan|Sort Key/);
  });
});

describe('what belongs to an artifact', () => {
  const subject = () => ({ projectId, repositoryId, digest: DIGEST });

  it('as a referrer is found by the subject', async () => {
    const store = new AccessoryStore(counter.database);
    const artifact = subject() as Parameters<typeof store.listReferrers>[0];
    const { rows, total } = await store.listReferrers(artifact, request(listReferrers));
    expect([rows.length, total]).toEqual([10, ROWS / 2]);
    const plans = await counter.plans();
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on manifests|Sort Key/);
  });

  it('as an accessory is found by what it belongs to, newest first', async () => {
    const store = new AccessoryStore(counter.database);
    const artifact = { ...subject(), id: 0, repositoryName: 'd/app' } as Parameters<typeof store.list>[0];
    const { rows, total } = await store.list(artifact, request(listAccessories));
    expect([rows.length, total, rows[0]?.size]).toEqual([10, ROWS / 2, ROWS]);
    const plans = await counter.plans();
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan|Sort Key/);
  });

  it('as an accessory of some artifacts is found by their digests', async () => {
    await test.database.query(
      `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by)
       values ($1, $2, $3, 'm', '\\x7b7d', 'image', 'IMAGE', 1, 'ada')`,
      [repositoryId, projectId, Buffer.from(`12${'0'.repeat(64)}`, 'hex')],
    );
    const artifact = await new ArtifactStore(test.database).find(projectId, 'd/app', DIGEST);
    const rows = await new AccessoryStore(counter.database).listOfArtifacts(projectId, [artifact?.id ?? 0]);
    expect(rows.length).toBe(250);
    for (const plan of await counter.plans()) expect(plan).not.toContain('Seq Scan on manifests');
  });
});

describe('other long lists', () => {
  it('of the moves of a tag and of a repository come from their indexes', async () => {
    const store = new TagHistoryStore(counter.database);
    for (const tag of ['v1.7', null]) {
      await store.list(projectId, repositoryId, tag, request(listTagHistory));
      const [page = ''] = await counter.plans();
      if (tag) expect(page).toContain('tag_moves_tag');
      expect(page).not.toMatch(/Seq Scan on (tag_moves|manifests)|Sort Key/);
      counter.take();
    }
  });

  it('of labels, of a project or of all, come from their index by name', async () => {
    for (const scope of [projectId, null]) {
      expect((await new LabelStore(counter.database).list(scope, undefined, request(listLabels))).total).toBe(2000);
      const [page = ''] = await counter.plans();
      expect(page).toContain('labels_name');
      expect(page).not.toContain('Seq Scan');
      counter.take();
    }
  });

  it('of the trash of all projects come from an index', async () => {
    await new TrashStore(counter.database).listAll(request(listAllTrash));
    const [page = ''] = await counter.plans();
    expect(page).toContain('trash_items_newest');
    expect(page).not.toMatch(/Seq Scan on trash_items|Sort Key/);
  });

  it('of the repositories of all projects come from an index', async () => {
    await new RepositoryStore(counter.database).listReadable(admin, request(listAllRepositories));
    const [page = ''] = await counter.plans();
    expect(page).toContain('repositories_newest');
    expect(page).not.toMatch(/Seq Scan on repositories|Sort Key/);
  });

  it('of the trash of a project come from an index', async () => {
    await new TrashStore(counter.database).listOfProject(projectId, request(listTrash));
    const [page = ''] = await counter.plans();
    // With few projects the newest of all are as good a way to those of one.
    expect(page).toMatch(/trash_items_(project|newest)/);
    expect(page).not.toContain('Seq Scan on trash_items');
  });

  it('of repositories and projects read no table of content from end to end', async () => {
    await new RepositoryStore(counter.database).list(projectId, request(listAllRepositories));
    await new ProjectStore(counter.database).list(admin, true, {}, request(listProjects));
    for (const plan of await counter.plans()) expect(plan).not.toMatch(/Seq Scan on (manifests|tags|trash_items)/);
  });

  it('of a project leave out what is on its way to the trash', async () => {
    const [moving] = await test.database.query<{ id: number }>("select id from repositories where name = 'c/app'");
    const [{ project_id: other } = { project_id: 0 }] = await test.database.query<{ project_id: number }>(
      'select project_id from repositories where id = $1',
      [moving?.id],
    );
    const store = new ArtifactStore(test.database);
    const list = () => store.list({ projectId: other }, null, { page: 1, pageSize: 10, conditions: [], sort: [] });
    expect((await list()).total).toBe(ROWS);
    await test.database.query("update repositories set trash_item_id = 1, name = name || '#1' where id = $1", [
      moving?.id,
    ]);
    expect(await list()).toMatchObject({ rows: [], total: 0 });
  });
});
