import { listRepositoryTags, type ListSpec } from '@moorage/contracts';
import { countStatements, ImageFactory } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatCursor, parseListQuery, type ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { outcomeOf, projectRef, testCatalog } from './catalog-core.ts';

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let project: ProjectRef;
const images = new ImageFactory('tag-list-spec');

type Query = { q?: string; sort?: string; page_size?: string; cursor?: string };
const request = (query: Query = {}) => parseListQuery(listRepositoryTags.list as ListSpec, query);
const list = (query: Query = {}, repository = 'app') =>
  catalog.tags.listOfRepository(project, repository, true, request(query));
const names = async (query: Query = {}) => (await list({ page_size: '100', ...query })).items.map((item) => item.name);

const VERSIONS = ['0.9', 'v1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.2', '1.0.0-alpha.10', '1.0.0-alpha-x'];
const LATER = ['1.0.0-rc.1', '1.0.0', '1.2.3.4', '1.2.10', '2', '2.0.1_build7', '10.0', '20260101'];
const OTHERS = ['build-9', 'build-10', 'latest', 'main'];

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  project = projectRef(await fixture.project('team'), 'team');
  const place = { projectId: project.id, name: 'team/app' };
  const small = images.image({ layerSizes: [100] });
  const large = images.image({ layerSizes: [9000] });
  const multi = images.index([
    images.image({ layerSizes: [10], platform: { os: 'linux', architecture: 'amd64' } }),
    images.image({ layerSizes: [11], platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } }),
  ]);
  await pushArtifact(fixture, place, small, [...LATER].reverse());
  await pushArtifact(fixture, place, large, [...OTHERS, ...VERSIONS].reverse());
  await pushArtifact(fixture, place, multi, ['multi']);
});
afterAll(() => fixture.close());

describe('the order of tags', () => {
  it('is that of versions, with other names in natural order below', async () => {
    expect(await names({ sort: 'version' })).toEqual([...OTHERS, 'multi', ...VERSIONS, ...LATER]);
    expect(await names({ sort: '-version' })).toEqual([...OTHERS, 'multi', ...VERSIONS, ...LATER].reverse());
  });

  it('agrees with semantic versioning', async () => {
    const number = fc.nat({ max: 12 });
    const identifier = fc.oneof(number.map(String), fc.constantFrom('alpha', 'beta', 'a-1', 'x'));
    const version = fc.record({
      core: fc.tuple(number, number, number),
      pre: fc.array(identifier, { maxLength: 3 }),
    });
    const pairs = fc.sample(fc.tuple(version, version), 500);
    const text = ({ core, pre }: (typeof pairs)[number][0]) =>
      core.join('.') + (pre.length > 0 ? `-${pre.join('.')}` : '');
    const rows = await fixture.database.query<{ order: number }>(
      `select (case when version_key(a) collate "C" < version_key(b) collate "C" then -1
          when version_key(a) = version_key(b) then 0 else 1 end) as order
       from unnest($1::text[], $2::text[]) with ordinality as pairs (a, b, place) order by place`,
      [pairs.map(([a]) => text(a)), pairs.map(([, b]) => text(b))],
    );
    expect(rows.map((row) => row.order)).toEqual(pairs.map(([a, b]) => compareVersions(a, b)));
  });

  it('by size, type and pulls covers the whole set', async () => {
    expect((await names({ sort: 'size' })).slice(0, LATER.length).sort()).not.toContain('main');
    expect((await names({ sort: '-size' })).slice(0, 3)).not.toContain('1.0.0');
    await fixture.database.query("update tags set pull_time = '2026-01-01' where name = 'main'");
    expect((await names({ sort: '-pull_time' }))[0]).toBe('main');
    expect((await names({ sort: 'pull_time' })).at(-1)).toBe('main');
    expect(await names({ q: 'pull_time=[~2025-01-01]' })).toHaveLength(18);
  });
});

describe('pages by cursor', () => {
  it.each(['-push_time', 'name', '-version', 'size', '-pull_time', 'type,name', '-type,-version'])(
    'in the order %s give every tag once',
    async (sort) => {
      const whole = await names({ sort });
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 30; page++) {
        const { items, next } = await list({ sort, page_size: '4', ...(cursor ? { cursor } : {}) });
        seen.push(...items.map((item) => item.name));
        if (!next) break;
        cursor = formatCursor(request({ sort }).sort, next);
      }
      expect(seen).toEqual(whole);
    },
  );

  it('belong to their order, and one that was made up finds nothing or is refused', async () => {
    const { next = [] } = await list({ sort: 'name', page_size: '2' });
    const cursor = formatCursor(request({ sort: 'name' }).sort, next);
    await expect(outcomeOf(Promise.resolve().then(() => request({ sort: '-name', cursor })))).resolves.toBe(
      'BAD_REQUEST',
    );
    await expect(outcomeOf(Promise.resolve().then(() => request({ sort: 'name', cursor: 'x' })))).resolves.toBe(
      'BAD_REQUEST',
    );
    const { sort } = request({ sort: 'push_time' });
    const forged = formatCursor(sort, ["'; drop table tags", '1']);
    expect((await list({ sort: 'push_time', cursor: forged })).items).toEqual([]);
  });

  it('are not counted again, and cost as many statements for any length', async () => {
    const counter = countStatements(fixture.database);
    const counted = testCatalog(counter.database);
    const { next = [] } = await list({ sort: 'name', page_size: '2' });
    const cursor = formatCursor(request({ sort: 'name' }).sort, next);
    for (const page_size of ['1', '10']) {
      await counted.tags.listOfRepository(project, 'app', true, request({ sort: 'name', cursor, page_size }));
      expect(counter.take()).toBe(4);
    }
  });
});

describe('filters and facets', () => {
  it('find tags by platform, type and label', async () => {
    expect(await names({ q: 'platform=linux/arm64/v8' })).toEqual(['multi']);
    expect((await names({ q: 'platform={linux/amd64 linux/arm64/v8}' })).length).toBe(19);
    expect(await names({ q: 'type=CHART' })).toEqual([]);
    const [label] = await fixture.database.query<{ id: number }>(
      "insert into labels (project_id, name, color) values ($1, 'gold', '#fc0') returning id",
      [project.id],
    );
    await fixture.database.query(
      `insert into artifact_labels (manifest_id, label_id, project_id)
       select manifest_id, $1, project_id from tags where name = 'multi' and project_id = $2`,
      [label?.id, project.id],
    );
    expect(await names({ q: `labels=${label?.id}` })).toEqual(['multi']);
    expect((await list({ q: 'name=multi' })).items[0]).toMatchObject({ labels: [{ name: 'gold' }], signed: false });
    expect(await catalog.tags.facets(project, 'app', '')).toEqual({
      total: 19,
      truncated: false,
      type: [{ value: 'IMAGE', count: 19 }],
      platform: [
        { value: 'linux/amd64', count: 19 },
        { value: 'linux/arm64/v8', count: 1 },
      ],
      pushed_by: [{ value: 'user-1', count: 19 }],
      label: [{ id: label?.id, name: 'gold', color: '#fc0', count: 1 }],
    });
    expect((await catalog.tags.facets(project, 'app', 'name=~build')).total).toBe(3);
    const arm = { kind: 'image', extra_attrs: { os: 'linux', architecture: 'arm', variant: 'v7' } };
    const platforms = await fixture.database.query(
      'select platforms_of(jsonb_populate_record(null::manifests, $1::jsonb)) as platforms',
      [JSON.stringify(arm)],
    );
    expect(platforms).toEqual([{ platforms: ['linux/arm/v7'] }]);
    expect(await outcomeOf(catalog.tags.facets(project, 'app', 'colour=red'))).toBe('UNKNOWN_QUERY_KEY');
  });

  it('know the platforms of a tag wherever it moves, and those of an index that is pushed with it', async () => {
    const own = projectRef(await fixture.project('moving'), 'moving');
    const place = { projectId: own.id, name: 'moving/app' };
    const part = (os: string, architecture: string) =>
      images.image({ platform: { os, architecture }, layerSizes: [7] });
    const platforms = async () =>
      (await catalog.tags.facets(own, 'app', 'name=v1')).platform.map(({ value }) => value).toSorted();
    const single = part('windows', 'amd64');
    await pushArtifact(fixture, place, single, ['v1']);
    expect(await platforms()).toEqual(['windows/amd64']);
    await pushArtifact(
      fixture,
      place,
      images.index([part('linux', 'amd64'), part('linux', 'arm64'), part('unknown', 'unknown')]),
      ['v1'],
    );
    expect(await platforms()).toEqual(['linux/amd64', 'linux/arm64']);
    await pushArtifact(fixture, place, single, ['v1']);
    expect(await platforms()).toEqual(['windows/amd64']);
  });

  it('keep the row of a tag small, however many platforms an index names', async () => {
    await fixture.database.query(
      `insert into manifest_children (manifest_id, repository_id, position, child_digest, platform)
       select manifest_id, repository_id, 100 + n, digest, jsonb_build_object('os', repeat('x', 500) || n, 'architecture', 'y')
       from tags, generate_series(1, 200) n where name = 'multi' and project_id = $1`,
      [project.id],
    );
    const [row] = await fixture.database.query<{ count: number; size: number }>(
      `select cardinality(platforms) as count, max(length(platform)) as size from tags, unnest(platforms) platform
       where name = 'multi' and project_id = $1 group by 1`,
      [project.id],
    );
    expect(row?.count).toBeLessThanOrEqual(64);
    expect(row?.size).toBeLessThanOrEqual(128);
    await fixture.database.query('delete from manifest_children where position > 100');
  });

  it('are counted without reading manifests', async () => {
    const counter = countStatements(fixture.database);
    await testCatalog(counter.database, fixture.bytes).tags.facets(project, 'app', 'platform=linux/amd64');
    const plans = await counter.plans();
    expect(plans.join('\n')).not.toMatch(/on manifests|manifest_children/);
  });

  it('find immutable tags by the rules of the project', async () => {
    await fixture.database.query(
      `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
       insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
       select id, 1, 'tag', true, 'build-*', '^build-.*$' from rule`,
      [project.id],
    );
    expect(await names({ q: 'immutable=true', sort: 'version' })).toEqual(['build-9', 'build-10']);
    expect(await names({ q: 'immutable=false' })).toHaveLength(17);
  });
});

interface Version {
  readonly core: readonly number[];
  readonly pre: readonly string[];
}

/** Precedence of semver.org, items 11.1 to 11.4. */
function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.core.entries()) {
    const difference = Math.sign(number - (b.core[index] ?? 0));
    if (difference !== 0) return difference;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (const [index, left] of a.pre.entries()) {
    const right = b.pre[index];
    if (right === undefined) return 1;
    const numeric = [left, right].map((text) => /^[0-9]+$/.test(text));
    if (left === right) continue;
    if (numeric[0] && numeric[1]) return Math.sign(Number(left) - Number(right));
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.pre.length === b.pre.length ? 0 : -1;
}
