import type { ChangeContext, Digest } from '@moorage/distribution';
import { countStatements, ImageFactory, seedMember, seedUser } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactInsightService } from '../src/artifact-insight/artifact-insight.service.ts';
import { ArtifactInsightStore } from '../src/artifact-insight/artifact-insight.store.ts';
import { compare, choosePlatform } from '../src/artifact-insight/comparison.rules.ts';
import { ComparisonService } from '../src/artifact-insight/comparison.service.ts';
import { Clock } from '../src/clock/index.ts';
import type { Principal, ProjectRef } from '../src/http/index.ts';
import { foldPulls, PullRecorder } from '../src/pull/index.ts';
import { prunePullDays } from '../src/pull/pull.store.ts';
import {
  change,
  createRegistryFixture,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let insight: ArtifactInsightService;
let comparison: ComparisonService;
let team: ProjectRef;
let secret: ProjectRef;
let admin: Principal;
let bob: Principal;
const images = new ImageFactory('artifact-insight-spec');
const base = images.seededLayer(4000);
const layer = (size: number) => images.seededLayer(size);
const [own, more] = [layer(500), layer(700)];
const one = images.image({
  layers: [base, own],
  run: { Env: ['A=1', 'B=x=y'], Cmd: ['run'], Labels: { team: 'ops' } },
  annotations: { note: 'a' },
});
const two = images.image({ layers: [base, more], run: { Env: ['A=2', 'C'], Cmd: ['run'], User: 'app' } });
const bytesOf = (artifact: typeof one) =>
  artifact.root.bytes.length + artifact.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);

const push = (project: ProjectRef, name: string, artifact: typeof one, ...tags: string[]) =>
  pushArtifact(fixture, { projectId: project.id, name: `${project.name}/${name}` }, artifact, tags);

class TestClock extends Clock {
  time = new Date();
  now(): Date {
    return this.time;
  }
}

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  team = projectRef(await fixture.project('team'), 'team');
  secret = projectRef(await fixture.project('secret'), 'secret');
  admin = userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true);
  bob = userPrincipal(await seedUser(fixture.database, 'bob'), 'bob');
  await seedMember(fixture.database, team.id, (bob as { id: number }).id, 3);
  insight = new ArtifactInsightService(catalog.artifacts, new ArtifactInsightStore(fixture.database));
  comparison = new ComparisonService(catalog.artifacts, catalog.content, catalog.access);
  await push(team, 'app', one, 'v1');
  await push(team, 'other', two, 'v2');
  await push(secret, 'app', one, 'v1');
});
afterAll(() => fixture.close());

describe('bytes', () => {
  it('are unique when no other artifact of the project needs them', async () => {
    const storage = await insight.storage(admin, team, 'app', 'v1');
    expect(storage.bytes).toBe(bytesOf(one));
    expect(storage.shared_bytes).toBe(base.content.bytes.length);
    expect(storage.unique_bytes + storage.shared_bytes).toBe(storage.bytes);
    expect(storage.layers.map(({ digest, shared }) => [digest, shared])).toEqual([
      [base.content.descriptor.digest, true],
      [own.content.descriptor.digest, false],
    ]);
  });

  it('are shared with artifacts the caller may list, and no others are named', async () => {
    const sharers = async (principal: Principal) =>
      (await insight.storage(principal, team, 'app', 'v1')).layers.map(({ shared_with }) =>
        shared_with.map(({ repository_name, tag: name }) => `${repository_name}:${name}`).sort(),
      );
    expect(await sharers(admin)).toEqual([['secret/app:v1', 'team/other:v2'], ['secret/app:v1']]);
    expect(await sharers(bob)).toEqual([['team/other:v2'], []]);
  });

  it('of an index are those of its parts, counted once, in as many statements for any number of layers', async () => {
    const parts = [images.image({ layers: [own, layer(10)] }), images.image({ layers: [own, layer(20)] })];
    const index = images.index(parts);
    await push(team, 'multi', index, 'v1');
    const counter = countStatements(fixture.database);
    const counted = new ArtifactInsightService(
      testCatalog(counter.database).artifacts,
      new ArtifactInsightStore(counter.database),
    );
    const storage = await counted.storage(admin, team, 'multi', 'v1');
    const whole = counter.take();
    expect(storage.bytes).toBe(
      index.root.bytes.length + parts.reduce((sum, part) => sum + bytesOf(part), 0) - own.content.bytes.length,
    );
    expect(storage.shared_bytes).toBe(own.content.bytes.length);
    expect(storage.layers).toHaveLength(3);
    const named = storage.layers.flatMap(({ shared_with }) => shared_with.map((sharer) => sharer.repository_name));
    expect(new Set(named)).toEqual(new Set(['team/app', 'secret/app']));
    await counted.storage(admin, team, 'app', 'v1');
    expect(counter.take()).toBe(whole);
  });
});

describe('pulls', () => {
  it('are counted by day, and told for ninety of them', async () => {
    const clock = new TestClock();
    const pulls = new PullRecorder(fixture.database, { clock });
    const context: ChangeContext = change(scope(team.id, 'team/app'));
    const digest = one.root.descriptor.digest as Digest;
    for (const [daysAgo, count] of [
      [0, 3],
      [1, 2],
      [100, 5],
    ] as const) {
      clock.time = new Date(Date.now() - daysAgo * 86_400_000);
      for (let pull = 0; pull < count; pull++) pulls.record(context, { method: 'GET', digest, tag: tag('v1') });
      await pulls.flush();
      await foldPulls(fixture.database);
    }
    const days = (await insight.pulls(team, 'app', 'v1', 90)).days;
    expect(days.map((day) => day.pulls)).toEqual([2, 3]);
    expect(days[1]?.day).toBe(new Date().toISOString().slice(0, 10));
    expect(await insight.pulls(team, 'app', 'v1', 1)).toMatchObject({ total: 3, last_pull_time: expect.any(Date) });
    expect(await prunePullDays(fixture.database, 90, 10)).toBe(1);
    expect(await prunePullDays(fixture.database, 90, 10)).toBe(0);
    await pulls.close();
  });
});

describe('a comparison', () => {
  it('shows layers, configuration, environment, labels, annotations and bytes that differ', async () => {
    const result = await comparison.compare(
      admin,
      { project: team, repository: 'app', reference: 'v1' },
      'team/other:v2',
      undefined,
    );
    expect(result).toMatchObject({
      identical: false,
      base: { repository_name: 'team/app', size: bytesOf(one) },
      other: { repository_name: 'team/other' },
      layers: [
        { digest: base.content.descriptor.digest, in: 'both' },
        { digest: own.content.descriptor.digest, in: 'base' },
        { digest: more.content.descriptor.digest, in: 'other' },
      ],
      layer_bytes: {
        both: base.content.bytes.length,
        base: own.content.bytes.length,
        other: more.content.bytes.length,
      },
      env: [
        { key: 'A', base: '1', other: '2' },
        { key: 'B', base: 'x=y', other: null },
        { key: 'C', base: null, other: '' },
      ],
      labels: [{ key: 'team', base: 'ops', other: null }],
      annotations: [{ key: 'note', base: 'a', other: null }],
    });
    expect(result.config).toContainEqual({ key: 'user', base: null, other: 'app' });
    expect(result.config.map((item) => item.key)).not.toContain('cmd');
  });

  it('of indexes is one of a platform that both have', async () => {
    const [left, right] = [images.index(), images.index()];
    await push(team, 'pair', left, 'a');
    await push(team, 'pair', right, 'b');
    const run = (platform?: string) =>
      comparison.compare(admin, { project: team, repository: 'pair', reference: 'a' }, 'team/pair:b', platform);
    expect(await run()).toMatchObject({
      platform: { os: 'linux', architecture: 'amd64' },
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    expect((await run('linux/arm64')).platform).toEqual({ os: 'linux', architecture: 'arm64' });
    expect(await outcomeOf(run('linux/s390x'))).toBe('PRECONDITION');
  });

  it('needs to read both', async () => {
    const run = (other: string) =>
      outcomeOf(comparison.compare(bob, { project: team, repository: 'app', reference: 'v1' }, other, undefined));
    expect(await run('team/other:v2')).toBe('ok');
    expect(await run('secret/app:v1')).toBe('FORBIDDEN');
    expect(await run('nowhere/app:v1')).toBe('FORBIDDEN');
    expect(await run('team/other')).toBe('BAD_REQUEST');
    expect(await run('team/other:none')).toBe('NOT_FOUND');
  });

  it('shows every layer of both exactly once, in the order of each', () => {
    const layers = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 10 });
    const comparable = (numbers: number[]) => ({
      config: null,
      annotations: {},
      layers: numbers.map((number) => ({ digest: `d${number}`, media_type: 'm', size: 1, command: '' })),
    });
    fc.assert(
      fc.property(layers, layers, (a, b) => {
        const rows = compare(comparable(a), comparable(b)).layers;
        const of = (where: string) => rows.filter((row) => row.in === 'both' || row.in === where);
        expect(of('base').map((row) => row.digest)).toEqual(a.map((number) => `d${number}`));
        expect(
          of('other')
            .map((row) => row.digest)
            .sort(),
        ).toEqual(b.map((number) => `d${number}`).sort());
        expect(compare(comparable(a), comparable(a)).layers.every((row) => row.in === 'both')).toBe(true);
      }),
    );
    expect(choosePlatform([], [], undefined)).toBeNull();
  });
});
