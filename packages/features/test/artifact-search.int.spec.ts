import { searchArtifacts, type ListSpec } from '@moorage/contracts';
import { ArtifactFactory, countStatements, ImageFactory, seedMember, seedUser } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANONYMOUS, formatCursor, parseListQuery, type Principal } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { ArtifactSearchStore } from '../src/search/artifact-search.store.ts';
import { pushArtifact } from './artifact-push.ts';
import { outcomeOf, userPrincipal } from './catalog-core.ts';

let fixture: RegistryFixture;
let store: ArtifactSearchStore;
let admin: Principal;
let bob: Principal;
let digest: string;
const images = new ImageFactory('artifact-search-spec');
const factory = new ArtifactFactory(images);

type Query = { q?: string; sort?: string; page?: string; page_size?: string; cursor?: string };
const request = (query: Query) => parseListQuery(searchArtifacts.list as ListSpec, query);
const find = async (q: string, who = admin) =>
  (await store.list(who, request({ q, page_size: '100' }))).rows
    .map((row) => `${row.repository_name}${row.tags[0] ? `:${row.tags[0]}` : ''}`)
    .sort();

beforeAll(async () => {
  fixture = await createRegistryFixture();
  store = new ArtifactSearchStore(fixture.database);
  admin = userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true);
  bob = userPrincipal(await seedUser(fixture.database, 'bob'), 'bob');
  const ids = new Map<string, number>();
  for (const name of ['open', 'team', 'secret']) ids.set(name, await fixture.project(name));
  await fixture.database.query("update projects set is_public = true where name = 'open'");
  await seedMember(fixture.database, ids.get('team') ?? 0, (bob as { id: number }).id, 3);
  const push = (project: string, repository: string, artifact: Parameters<typeof pushArtifact>[2], ...tags: string[]) =>
    pushArtifact(fixture, { projectId: ids.get(project) ?? 0, name: `${project}/${repository}` }, artifact, tags);
  digest = await push('open', 'web', images.image({ annotations: { vendor: 'acme', version: '1.2' } }), 'v1.2.3');
  await push('team', 'deep/api', images.image({ annotations: { vendor: 'acme' } }), 'v1.2.4');
  await push('secret', 'api', images.image({ annotations: { vendor: 'acme' } }), 'v1.2.3');
  const chart = factory.helmChart('shop', '1.0.0');
  await push('team', 'charts', chart, 'stable_x');
  await fixture.database.query("insert into labels (name) values ('gold')");
  await fixture.database.query(
    `insert into artifact_labels (manifest_id, label_id, project_id)
     select manifest_id, 1, project_id from tags where name like 'v1.2.%'`,
  );
});
afterAll(() => fixture.close());

describe('artifacts of all projects', () => {
  it.each([
    ['', ['open/web:v1.2.3', 'secret/api:v1.2.3', 'team/charts:stable_x', 'team/deep/api:v1.2.4']],
    ['tag=v1.2.3', ['open/web:v1.2.3', 'secret/api:v1.2.3']],
    ['tag=~1.2', ['open/web:v1.2.3', 'secret/api:v1.2.3', 'team/deep/api:v1.2.4']],
    ['tag=~_', ['team/charts:stable_x']],
    ['label=gold,project=team', ['team/deep/api:v1.2.4']],
    ['annotation=vendor=acme,repository=~api', ['secret/api:v1.2.3', 'team/deep/api:v1.2.4']],
    ['annotation=version', ['open/web:v1.2.3']],
    ['annotation=version=1.3', []],
    ['annotation=vendor', ['open/web:v1.2.3', 'secret/api:v1.2.3', 'team/deep/api:v1.2.4']],
    ['type=CHART', ['team/charts:stable_x']],
    ['project={open secret}', ['open/web:v1.2.3', 'secret/api:v1.2.3']],
    ['push_time=[~2001-01-01]', []],
    ['push_time=[2001-01-01~],tag=v1.2.4', ['team/deep/api:v1.2.4']],
  ])('are found by %s', async (q, expected) => {
    expect(await find(q)).toEqual(expected);
  });

  it('are found by digest, in full or by its beginning', async () => {
    expect(await find(`digest=${digest}`)).toEqual(['open/web:v1.2.3']);
    expect(await find(`digest=~${digest.slice(0, 20)}`)).toEqual(['open/web:v1.2.3']);
    expect(await find(`digest=~${digest.slice(7, 18).toUpperCase()}`)).toEqual(['open/web:v1.2.3']);
    for (const q of ['digest=~abc', 'digest=sha256:12', 'digest=~nothex', 'annotation=~x', 'digest=[1~2]']) {
      expect(await outcomeOf(store.list(admin, request({ q })))).toBe('BAD_REQUEST');
    }
  });

  it('are only those of projects the caller may list, by whatever they are asked for', async () => {
    for (const q of [
      '',
      'tag=v1.2.3',
      'tag=~1.2',
      'label=gold',
      'annotation=vendor=acme',
      'project=secret',
      'repository=~api',
    ]) {
      expect((await find(q, bob)).filter((name) => name.startsWith('secret'))).toEqual([]);
      expect((await find(q, ANONYMOUS)).filter((name) => !name.startsWith('open'))).toEqual([]);
      expect((await store.list(ANONYMOUS, request({ q }))).total).toBeLessThanOrEqual(1);
    }
    expect(await find('label=gold', bob)).toEqual(['open/web:v1.2.3', 'team/deep/api:v1.2.4']);
    await fixture.database.query("update projects set deleted_at = now() where name = 'team'");
    expect(await find('', bob)).toEqual(['open/web:v1.2.3']);
    await fixture.database.query("update projects set deleted_at = null where name = 'team'");
  });
});

describe('many artifacts', () => {
  const SEEDED = 12_000;

  beforeAll(async () => {
    await fixture.database.query(
      `insert into repositories (project_id, name, first_pushed_at)
       select p.id, 'open/many-' || n, now() from projects p, generate_series(1, 400) n where p.name = 'open'`,
    );
    await fixture.database.query(
      `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time, annotations)
       select r.id, r.project_id, '\\x12'::bytea || sha256(n::text::bytea), 'm', '\\x7b7d', 'image', 'IMAGE', n, 'ada',
         timestamptz '2026-01-01' + (n / 3) * interval '1 second', '{"common": "x"}'
       from generate_series(1, ${SEEDED}) n join repositories r on r.name = 'open/many-' || (1 + n % 400)`,
    );
    await fixture.database.query('analyze');
  });

  it.each(['annotation=common=x', 'repository=~many-1', 'repository=~many', 'project=open', 'type=IMAGE'])(
    'are paged by cursor, each once, newest first: %s',
    async (q) => {
      for (const sort of ['-push_time', 'push_time']) {
        const seen: number[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < 5; page++) {
          const { rows, next } = await store.list(
            ANONYMOUS,
            request({ q, sort, page_size: '37', ...(cursor ? { cursor } : {}) }),
          );
          seen.push(...rows.map((row) => row.id));
          if (!next) break;
          cursor = formatCursor(request({ sort }).sort, next);
        }
        const far = await store.list(ANONYMOUS, request({ q, sort, page: '1', page_size: '100' }));
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.slice(0, 100)).toEqual(far.rows.map((row) => row.id));
        expect(far.total).toBe(1000);
      }
    },
  );

  it('of a member are read from the indexes of his projects, about as many as the page shows', async () => {
    await fixture.database.query('vacuum analyze manifests, repositories, projects');
    const counter = countStatements(fixture.database);
    const { rows } = await new ArtifactSearchStore(counter.database).list(bob, request({ page_size: '10' }));
    expect(rows).toHaveLength(10);
    const plans = await counter.plans();
    expect(plans).toHaveLength(3);
    const [, page = '', total = ''] = plans;
    expect(page).toContain('manifests_listed');
    for (const plan of [page, total]) expect(plan).not.toContain('Seq Scan on manifests');
  });

  it('of projects that hold few are all there, and leave out what is on its way to the trash', async () => {
    const named = async () =>
      (await store.list(admin, request({ q: 'project={team secret}', page_size: '100' }))).rows.map(
        (row) => row.repository_name,
      );
    expect((await named()).toSorted()).toEqual(['secret/api', 'team/charts', 'team/deep/api']);
    await fixture.database.query("update repositories set trash_item_id = 1 where name = 'secret/api'");
    expect((await named()).toSorted()).toEqual(['team/charts', 'team/deep/api']);
    await fixture.database.query('update repositories set trash_item_id = null');
  });

  it('cost a fixed number of statements, and no table is read from end to end', async () => {
    // Plans must not hang on whether the server has looked at the tables by itself yet.
    await fixture.database.query('vacuum analyze manifests, tags, repositories, projects');
    const counter = countStatements(fixture.database);
    const counted = new ArtifactSearchStore(counter.database);
    const queries: [string, number][] = [
      ['', 3],
      ['annotation=common=x', 4],
      ['annotation=common=y', 2],
      ['tag=v1.2.3', 3],
      [`digest=${digest}`, 3],
      ['repository=~many-1', 3],
    ];
    for (const [q, statements] of queries) {
      for (const page_size of ['1', '100']) {
        await counted.list(admin, request({ q, page_size }));
        // The statement of the page is the one that gathers tags and labels.
        const pages = (await counter.plans()).filter((plan) => plan.includes('SubPlan'));
        expect(pages.length, q).toBeGreaterThan(0);
        // Among so few rows a page of a hundred is found as fast by reading all.
        if (page_size === '1') expect(pages.join('\n'), q).not.toContain('Seq Scan on manifests');
        expect(counter.take(), `${q} ${page_size}`).toBeLessThanOrEqual(statements);
      }
    }
  });
});
