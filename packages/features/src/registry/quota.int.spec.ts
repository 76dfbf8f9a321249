import type { ChangeContext, ContentDescriptor, NewManifest } from '@moorage/distribution';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foldLedger, forgetUsage, measureUsage, recomputeUsage } from '../usage/index.ts';
import { ContentChanges } from '../content/index.ts';
import {
  change,
  createRegistryFixture,
  descriptor,
  image,
  link,
  type RegistryFixture,
  scope,
  tag,
} from './testing/registry-fixture.ts';

const MIB = 1024 * 1024;

let fixture: RegistryFixture;
let run = 0;

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());
beforeEach(() => {
  run++;
});

async function project(hardBytes: number): Promise<{ id: number; in: (repository: string) => ChangeContext }> {
  const id = await fixture.project(`q${run}`, hardBytes);
  return { id, in: (repository) => change(scope(id, `q${run}/${repository}`)) };
}

async function expectExact(projectId: number): Promise<number> {
  const usage = await measureUsage(fixture.database, projectId);
  expect(usage.stored).toBe(usage.counted);
  expect(usage.storedArtifacts).toBe(usage.countedArtifacts);
  return usage.stored;
}

describe('the limit', () => {
  test('is reached to the byte and not passed, and says what is used and needed', async () => {
    const { id, in: at } = await project(10 * MIB);
    await link(fixture.store, at('a'), [descriptor(`${run} 1`, 9 * MIB)]);
    expect(await fixture.store.linkBlob(at('a'), descriptor(`${run} 2`, 2 * MIB))).toEqual({
      status: 'refused',
      message:
        'the storage quota of the project is exceeded: 9.00 MiB of 10.0 MiB are used and 2.00 MiB more are needed; ' +
        'delete artifacts or ask for a larger quota',
    });
    expect(await fixture.store.findBlob(at('a').repository, descriptor(`${run} 2`).digest)).toBeNull();
    expect(await fixture.store.linkBlob(at('a'), descriptor(`${run} 3`, MIB))).toEqual({ status: 'linked' });
    expect(await expectExact(id)).toBe(10 * MIB);
  });

  test('lets a full project use again what it has, and nothing new, not even a manifest', async () => {
    const { id, in: at } = await project(4 * MIB);
    const blob = descriptor(`${run} fills`, 4 * MIB - 5000);
    await link(fixture.store, at('a'), [blob]);
    const manifest = image([blob], { tags: [tag('v1')] });
    expect(await fixture.store.putManifest(at('a'), manifest)).toMatchObject({
      status: 'stored',
      warnings: [expect.stringContaining('running out')],
    });
    const padding = 'x'.repeat(5000);
    expect(await fixture.store.putManifest(at('a'), image([blob], { salt: padding }))).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('more are needed'),
    });
    expect(await fixture.store.linkBlob(at('b'), blob)).toEqual({ status: 'linked' });
    expect(await fixture.store.mountBlob(at('c'), blob.digest, at('a').repository)).toEqual({ status: 'linked' });
    expect(await fixture.store.putManifest(at('c'), { ...manifest, tags: [tag('v2')] })).toMatchObject({
      status: 'stored',
    });
    expect(await expectExact(id)).toBe(blob.size + manifest.payload.length);
  });

  test('counts what is mounted from another project', async () => {
    const elsewhere = await fixture.project(`source${run}`);
    const blob = descriptor(`${run} foreign`, 6 * MIB);
    const source = scope(elsewhere, `source${run}/app`);
    await link(fixture.store, change(source), [blob]);
    const { id, in: at } = await project(5 * MIB);
    expect(await fixture.store.mountBlob(at('a'), blob.digest, source)).toMatchObject({ status: 'refused' });
    expect(await expectExact(id)).toBe(0);
  });

  test('holds when many push at once close to it', async () => {
    const { id, in: at } = await project(10 * MIB);
    const stores = [fixture.store, fixture.otherProcess(), fixture.otherProcess()];
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, pusher) =>
        (stores[pusher % 3] ?? fixture.store).linkBlob(at(`r${pusher % 5}`), descriptor(`${run} ${pusher}`, MIB)),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'linked')).toHaveLength(10);
    expect(await expectExact(id)).toBe(10 * MIB);
  });

  test('holds when small pushes, far from it at first, race with large ones towards it', async () => {
    const hard = 2 * MIB;
    const { id, in: at } = await project(hard);
    await link(fixture.store, at('a'), [descriptor(`${run} base`, 1.5 * MIB - 20_000)]);
    const sizes = Array.from({ length: 240 }, (_, pusher) => (pusher % 10 === 5 ? 30_000 : 400));
    const outcomes = await Promise.all(
      sizes.map((size, pusher) => fixture.store.linkBlob(at(`r${pusher % 7}`), descriptor(`${run} ${pusher}`, size))),
    );
    const linked = sizes.filter((_, pusher) => outcomes[pusher]?.status === 'linked');
    const used = await expectExact(id);
    expect(used).toBe(1.5 * MIB - 20_000 + linked.reduce((sum, size) => sum + size, 0));
    expect(used).toBeLessThanOrEqual(hard);
    expect(linked.length).toBeLessThan(sizes.length);
    // What was refused really did not fit.
    expect(hard - used).toBeLessThan(30_000);
  });

  test('is not asked when quotas are switched off, but usage is kept', async () => {
    const { id, in: at } = await project(1000);
    fixture.limits = { ...fixture.limits, quotaEnforced: false };
    expect(await fixture.store.linkBlob(at('a'), descriptor(`${run} large`, MIB))).toEqual({ status: 'linked' });
    fixture.limits = { ...fixture.limits, quotaEnforced: true };
    expect(await fixture.store.linkBlob(at('a'), descriptor(`${run} more`, 1))).toMatchObject({ status: 'refused' });
    expect(await expectExact(id)).toBe(MIB);
  });
});

describe('the limit of artifacts', () => {
  const limit = (id: number, count: number) =>
    fixture.database.query('update quotas set hard_artifacts = $2 where project_id = $1', [id, count]);
  const counted = async (id: number) => {
    const usage = await measureUsage(fixture.database, id);
    expect(usage.storedArtifacts).toBe(usage.countedArtifacts);
    return usage.countedArtifacts;
  };

  test('is reached and not passed, whoever pushes at once; what is there may be pushed again', async () => {
    const { id, in: at } = await project(-1);
    await limit(id, 10);
    const blob = descriptor(`${run} blob`, 100);
    for (const name of ['a', 'b', 'c']) await link(fixture.store, at(name), [blob]);
    const stores = [fixture.store, fixture.otherProcess()];
    const manifests = Array.from({ length: 30 }, (_, number) => image([blob], { salt: `${run} ${number}` }));
    const outcomes = await Promise.all(
      manifests.map((manifest, number) =>
        (stores[number % 2] ?? fixture.store).putManifest(at(['a', 'b', 'c'][number % 3] ?? 'a'), manifest),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'stored')).toHaveLength(10);
    expect(outcomes.find(({ status }) => status === 'refused')).toEqual({
      status: 'refused',
      message: expect.stringContaining('it holds 10 of 10 artifacts'),
    });
    expect(await counted(id)).toBe(10);
    const there = outcomes.findIndex(({ status }) => status === 'stored');
    const place = at(['a', 'b', 'c'][there % 3] ?? 'a');
    expect(await fixture.store.putManifest(place, manifests[there] as NewManifest)).toMatchObject({ status: 'stored' });
    await fixture.store.deleteManifest(place, { digest: (manifests[there] as NewManifest).digest });
    expect(await counted(id)).toBe(9);
    const told = await fixture.database.query(
      "select from outbox_events where name = 'quota.exceeded' and project_id = $1",
      [id],
    );
    expect(told).toHaveLength(1);
  });

  test('counts whole repositories out again', async () => {
    const { id, in: at } = await project(-1);
    const blob = descriptor(`${run} blob`, 100);
    await link(fixture.store, at('a'), [blob]);
    for (const salt of ['1', '2', '3']) await fixture.store.putManifest(at('a'), image([blob], { salt: run + salt }));
    expect(await counted(id)).toBe(3);
    await removeRepository(at('a'));
    expect(await counted(id)).toBe(0);
  });
});

describe('usage', () => {
  test('falls by what a removed repository had alone', async () => {
    const { id, in: at } = await project(-1);
    const [shared, own] = [descriptor(`${run} shared`, 1000), descriptor(`${run} own`, 300)];
    await link(fixture.store, at('a'), [shared, own]);
    await link(fixture.store, at('b'), [shared]);
    const manifest = image([shared, own], { tags: [tag('v1')] });
    await fixture.store.putManifest(at('a'), manifest);
    await fixture.database.query(`update projects set metadata = '{"trash_days": "0"}' where id = $1`, [id]);
    const removed = await removeRepository(at('a'));
    expect(removed).toMatchObject({ artifactCount: 1, tagCount: 1 });
    expect(await expectExact(id)).toBe(1000);
    expect(await fixture.store.findManifest(at('a').repository, { tag: tag('v1') })).toBeNull();
    expect(await fixture.store.hasRepository(at('a').repository)).toBe(false);
    await link(fixture.store, at('a'), [own]);
    expect(await fixture.store.findManifest(at('a').repository, manifest)).toBeNull();
    expect(await expectExact(id)).toBe(1300);
  });

  test('is set right by a recount, while others push', async () => {
    const { id, in: at } = await project(-1);
    await link(fixture.store, at('a'), [descriptor(`${run} 1`, 500), descriptor(`${run} 2`, 700)]);
    await fixture.database.query('update quotas set used_bytes = 12345 where project_id = $1', [id]);
    await fixture.database.query('update project_blobs set links = 7 where project_id = $1', [id]);
    const pushes = Array.from({ length: 30 }, (_, pusher) =>
      fixture.store.linkBlob(at(`r${pusher % 3}`), descriptor(`${run} p${pusher}`, 10)),
    );
    await recomputeUsage(fixture.database, id);
    await Promise.all(pushes);
    expect(await expectExact(id)).toBe(1500);
    await Promise.all([1, 2].map((blob) => fixture.store.unlinkBlob(at('a'), descriptor(`${run} ${blob}`).digest)));
    expect(await expectExact(id)).toBe(300);
  });

  test('of a deleted project is forgotten, that of others is not', async () => {
    const { id, in: at } = await project(-1);
    const other = await fixture.project(`other${run}`);
    await link(fixture.store, at('a'), [descriptor(`${run} 1`, 500)]);
    await link(fixture.store, change(scope(other, `other${run}/a`)), [descriptor(`${run} 1`, 500)]);
    await fixture.database.transaction((transaction) => forgetUsage(transaction, id));
    const left = await fixture.database.query(
      `select project_id from project_blobs where project_id = any($1)
       union all select project_id from quota_ledger where project_id = any($1)`,
      [[id, other]],
    );
    expect(left).toEqual([{ project_id: other }, { project_id: other }]);
  });

  test('equals a recount after any mixture of concurrent changes (R14)', async () => {
    const blobs = Array.from({ length: 5 }, (_, number) => descriptor(`property ${number}`, 100 * (number + 1)));
    const manifests = [0, 1, 2, 3].map((number) =>
      image(blobs.slice(number, number + 2), { tags: [tag(`v${number % 2}`)], salt: String(number) }),
    );
    const repositories = ['a', 'b', 'c'];
    const operation = fc.record({
      kind: fc.constantFrom('link', 'link', 'unlink', 'mount', 'put', 'put', 'untag', 'delete', 'remove', 'fold'),
      repository: fc.integer({ min: 0, max: 2 }),
      blob: fc.integer({ min: 0, max: 4 }),
      manifest: fc.integer({ min: 0, max: 3 }),
    });
    const outcome = await fc.check(
      fc.asyncProperty(
        fc.array(fc.array(operation, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(-1, 2500, MIB),
        async (rounds, hardBytes) => {
          run++;
          const { id, in: at } = await project(hardBytes);
          for (const round of rounds) {
            await Promise.all(
              round.map(({ kind, repository, blob, manifest }) =>
                perform(
                  kind,
                  at(repositories[repository] ?? 'a'),
                  at(repositories[(repository + 1) % 3] ?? 'a'),
                  blobs[blob] ?? descriptor('none'),
                  manifests[manifest] ?? image([]),
                ),
              ),
            );
            const usage = await expectExact(id);
            if (hardBytes >= 0) expect(usage).toBeLessThanOrEqual(hardBytes);
            await expectCounters(id);
          }
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    expect(fc.defaultReportMessage(outcome)).toBeUndefined();
  });
});

async function perform(
  kind: string,
  context: ChangeContext,
  other: ChangeContext,
  blob: ContentDescriptor,
  manifest: NewManifest,
): Promise<unknown> {
  const { store, database } = fixture;
  switch (kind) {
    case 'link':
      return store.linkBlob(context, blob);
    case 'unlink':
      return store.unlinkBlob(context, blob.digest);
    case 'mount':
      return store.mountBlob(context, blob.digest, other.repository);
    case 'put':
      return store.putManifest(context, manifest);
    case 'untag':
      return store.deleteManifest(context, { tag: tag('v0') });
    case 'delete':
      return store.deleteManifest(context, { digest: manifest.digest });
    case 'remove':
      return removeRepository(context);
    default:
      return foldLedger(database);
  }
}

function removeRepository({ repository }: ChangeContext) {
  return new ContentChanges(fixture.database).removeRepository(repository, { reason: 'deleted', by: 'me' }, () => ({
    name: 'repository.deleted',
    projectId: repository.namespaceId,
    data: {},
  }));
}

/** Counters of repositories are what is in them. */
async function expectCounters(projectId: number): Promise<void> {
  const wrong = await fixture.database.query(
    `select name, artifact_count, tag_count from repositories r where project_id = $1
       and (artifact_count <> (select count(*) from manifests where repository_id = r.id)
         or tag_count <> (select count(*) from tags where repository_id = r.id))`,
    [projectId],
  );
  expect(wrong).toEqual([]);
}
