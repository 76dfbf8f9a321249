import type { Digest, RepositoryScope } from '@moorage/distribution';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ContentChanges, ContentRemoval } from '../src/content/index.ts';
import { decideBlob, rangesOf } from '../src/garbage-collection/garbage.rules.ts';
import { UntaggedStore } from '../src/garbage-collection/untagged.store.ts';
import { collectableAfterSeconds } from '../src/registry/index.ts';
import { change } from '../src/registry/testing/registry-fixture.ts';
import { RestorationStore } from '../src/restoration/index.ts';
import { measureUsage } from '../src/usage/index.ts';
import { GarbageWorld, type PushedBlob } from './garbage-world.ts';

let world: GarbageWorld;
let repository: RepositoryScope;
let other: RepositoryScope;
let run = 0;

beforeEach(async () => {
  world = await GarbageWorld.open();
  run++;
  repository = world.repository(`app${run}`);
  other = world.repository(`other${run}`);
});
afterEach(() => world.close());

const digestsOf = (...blobs: readonly PushedBlob[]) => blobs.map(({ digest }) => digest).toSorted();
const usage = async () => {
  const { stored, counted } = await measureUsage(world.test.database, world.projectId);
  expect(stored).toBe(counted);
  return stored;
};
const remove = (digest: Digest) =>
  new ContentChanges(world.test.database).removeArtifact(repository, digest, { reason: 'deleted', by: 'ada' }, () => ({
    data: {},
  }));

/** Resolves when so many statements wait for a lock. */
const waiting = (count: number) =>
  vi.waitFor(
    async () => {
      const found = await world.test.database.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      expect(found).toHaveLength(count);
    },
    { timeout: 30_000, interval: 20 },
  );

/** Begins something that stops in the middle, where it does this to a table, and goes on once `meanwhile` has ended. */
function heldAt<T>(
  event: 'insert on tags' | 'delete on repository_blobs',
  begin: () => Promise<T>,
  meanwhile: () => Promise<void>,
): Promise<{ begun: Promise<T> }> {
  return world.test.database.transaction(async (holder) => {
    await world.test.database.query(
      `create function hold() returns trigger language plpgsql as
       $$ begin perform pg_advisory_xact_lock_shared(1); return coalesce(new, old); end $$`,
    );
    await world.test.database.query(`create trigger hold before ${event} for each row execute function hold()`);
    await holder.query('select pg_advisory_xact_lock(1)');
    const begun = begin();
    await waiting(1);
    await meanwhile();
    return { begun };
  });
}

describe('a collection', () => {
  it('R21 takes what nothing needs, with its bytes and its charge, and nothing else', async () => {
    const [config, layer, shared, dead] = await Promise.all([1, 2, 3, 4].map(() => world.pushBlob(repository)));
    await world.pushManifest(repository, 'v1', [config as PushedBlob, layer as PushedBlob]);
    await world.operations.mountBlob(change(other), (shared as PushedBlob).digest, repository);
    await world.pushManifest(other, 'v1', [shared as PushedBlob]);
    const before = await usage();
    await world.age();
    expect(await world.collect()).toMatchObject({ links: 2, blobs: 1, bytes: 64 });
    const kept = digestsOf(config as PushedBlob, layer as PushedBlob, shared as PushedBlob);
    expect(await world.rows()).toEqual(kept);
    expect(await world.files()).toEqual(kept);
    expect(await world.giveUp()).toBe(1);
    expect(await world.content.blobs.stat((dead as PushedBlob).digest)).toBeNull();
    expect(await usage()).toBe(before - 64);
    await expect(world.read(repository, (shared as PushedBlob).digest)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
    expect(await world.read(other, (shared as PushedBlob).digest)).toEqual((shared as PushedBlob).bytes);
    expect(await world.collect()).toMatchObject({ links: 0, blobs: 0 });
  });

  it('R16 leaves the links alone that a restoration under way relies on', async () => {
    const { database } = world.test;
    const layer = await world.pushBlob(repository);
    const part = await world.pushManifest(repository, 'part', [layer]);
    await remove(part);
    await world.age();
    // The link is still there though nothing needs it; the restoration pauses after it has counted on it.
    const [item] = await database.query<{ id: number; project_id: number }>('select id, project_id from trash_items');
    const restore = () =>
      new RestorationStore(database).restore(
        {
          projectId: item?.project_id ?? 0,
          itemId: item?.id ?? 0,
          merge: false,
          by: 'ada',
          from: '',
          tags: new Map(),
          skipTakenTags: false,
        },
        () => ({ name: 'artifact.restored', projectId: null, data: {} }),
      );
    const { begun: restored } = await heldAt('insert on tags', restore, async () => void (await world.collect()));
    expect(await restored).toMatchObject({ artifacts: 1, tags: 1 });
    expect(await world.read(repository, layer.digest)).toEqual(layer.bytes);
    await usage();
  });

  it('R16 leaves an untagged artifact alone that was pushed again a moment ago', async () => {
    const { database } = world.test;
    const layer = await world.pushBlob(repository);
    const digest = await world.pushManifest(repository, 'v1', [layer]);
    const untagged = new UntaggedStore(database);
    const found = async () => (await untagged.list(0, 3600, 10)).map((artifact) => artifact.digest);
    await database.query('delete from tags');
    const age = `update manifests set push_time = push_time - interval '9 days', touched_at = touched_at - interval '9 days'`;
    await database.query(age);
    expect(await found()).toEqual([digest]);
    expect(await world.pushManifest(repository, 'v1', [layer])).toBe(digest);
    await database.query('delete from tags');
    expect(await found()).toEqual([]);
    await database.query(age);
    expect(await found()).toEqual([digest]);
    // A project that was deleted comes back as it was.
    await database.query('update projects set deleted_at = now()');
    expect(await found()).toEqual([]);
  });

  it('R16 keeps an untagged artifact that is pushed again between being found and being removed', async () => {
    const { database } = world.test;
    const layer = await world.pushBlob(repository);
    const digest = await world.pushManifest(repository, 'v1', [layer]);
    await database.query('delete from tags');
    await database.query(
      `update manifests set push_time = push_time - interval '9 days', touched_at = touched_at - interval '9 days'`,
    );
    const [found] = await new UntaggedStore(database).list(0, 3600, 10);
    const removal = async () =>
      new ContentRemoval(database).removeArtifacts({
        repository,
        artifacts: [{ digest, knownTags: new Set(), knownUntil: found?.knownUntil }],
        along: true,
        origin: { reason: 'deleted', by: 'garbage collection' },
        eventOf: () => ({ data: {} }),
      });
    expect(await world.pushManifest(repository, 'v1', [layer])).toBe(digest);
    await database.query('delete from tags');
    expect(await removal()).toMatchObject({ removed: [], kept: [{ code: 'changed' }] });
    await database.query(`update manifests set touched_at = touched_at - interval '9 days'`);
    expect(await removal()).toMatchObject({ removed: [{ digest }], kept: [] });
  });

  it('R16 lets a mount wait for the link of its target that is being taken', async () => {
    const layer = await world.pushBlob(repository);
    await world.pushManifest(repository, 'v1', [layer]);
    // Nothing of the target needs its link.
    await world.operations.mountBlob(change(other), layer.digest, repository);
    await world.age();
    let mounted = Promise.resolve(false);
    const { begun: collected } = await heldAt(
      'delete on repository_blobs',
      () => world.collect(),
      async () => {
        mounted = world.operations.mountBlob(change(other), layer.digest, repository);
        await waiting(2);
      },
    );
    expect(await mounted).toBe(true);
    expect(await collected).toMatchObject({ links: 1, blobs: 0 });
    expect(await world.read(other, layer.digest)).toEqual(layer.bytes);
    await usage();
  });

  it('keeps what the trash needs until it is purged', async () => {
    const layer = await world.pushBlob(repository);
    const digest = await world.pushManifest(repository, 'v1', [layer]);
    await remove(digest);
    await world.age();
    expect(await world.collect()).toMatchObject({ blobs: 0 });
    expect(await world.files()).toEqual([layer.digest]);
    await usage();
    await world.test.database.query('delete from trash_blobs');
    expect(await world.collect()).toMatchObject({ blobs: 1 });
  });

  it('says beforehand what it would do, and changes nothing by that', async () => {
    const kept = await world.pushBlob(repository);
    await world.pushManifest(repository, 'v1', [kept]);
    for (let count = 0; count < 7; count++) await world.pushBlob(repository);
    await world.operations.mountBlob(change(other), kept.digest, repository);
    await world.age();
    const state = async () => ({
      rows: await Promise.all(
        ['blobs', 'repository_blobs', 'removed_blobs', 'project_blobs', 'quota_ledger', 'manifests', 'tags'].map(
          (table) => world.test.database.query(`select md5(string_agg(t::text, ' ' order by t::text)) from ${table} t`),
        ),
      ),
      files: await Promise.all((await world.files()).map(async (digest) => [digest, await world.stored(digest)])),
    });
    const before = await state();
    const predicted = await world.collect({ dryRun: true, workers: 3 });
    expect(await state()).toEqual(before);
    expect(before.files).toHaveLength(8);
    const done = await world.collect({ workers: 4 });
    expect(done).toEqual(predicted);
    expect(done).toMatchObject({ links: 8, blobs: 7, bytes: 7 * 64 });
  });

  it('ends in the middle when it is stopped, goes on where it was, and keeps its pace', async () => {
    for (let count = 0; count < 40; count++) await world.pushBlob(repository);
    await world.age();
    const abort = new AbortController();
    let reached: readonly string[] = [];
    const first = world.collector({
      signal: abort.signal,
      blobsPerSecond: () => Promise.resolve(10),
      progress: (tally, positions) => {
        reached = [...positions];
        if (tally.blobs >= 20) abort.abort(new Error('stopped'));
        return Promise.resolve();
      },
    });
    const whole = rangesOf({ part: 0, workers: 1 });
    await expect(first.run(whole, false)).rejects.toThrow('stopped');
    expect(await world.rows()).toHaveLength(20);
    expect(await usage()).toBe(20 * 64);
    expect(await world.collector({}).run(whole, false, reached)).toMatchObject({ scanned: 20, blobs: 20 });
    expect(await world.rows()).toEqual([]);
    expect(await usage()).toBe(0);
  });

  it('R17 leaves alone what somebody was told of within the grace time, whoever told him', async () => {
    const pushed = await world.pushBlob(repository);
    const seen = await world.pushBlob(repository);
    const mounted = await world.pushBlob(repository);
    const forgotten = await world.pushBlob(repository);
    await world.age(4000);
    await world.pushBlob(repository, pushed.bytes);
    await world.operations.findBlob(repository, seen.digest);
    await world.operations.mountBlob(change(other), mounted.digest, repository);
    expect(await world.collect()).toMatchObject({ blobs: 1 });
    expect(await world.rows()).toEqual(digestsOf(pushed, seen, mounted));
    expect(await world.rows()).not.toContain(forgotten.digest);
    await world.pushManifest(repository, 'v1', [pushed, seen]);
    await world.pushManifest(other, 'v1', [mounted]);
    await world.age();
    expect(await world.collect()).toMatchObject({ blobs: 0 });
  });

  it.each([-3, 3])('R20 goes by the clock of the database, however wrong its own is (%i days)', async (days) => {
    const young = await world.pushBlob(repository);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
    try {
      expect(await world.collect()).toMatchObject({ blobs: 0 });
    } finally {
      vi.useRealTimers();
    }
    expect(await world.read(repository, young.digest)).toEqual(young.bytes);
  });

  it('is done side by side without taking anything twice', async () => {
    const dead: PushedBlob[] = [];
    for (let count = 0; count < 60; count++) dead.push(await world.pushBlob(repository));
    await world.age();
    const runs = await Promise.all([world.collect(), world.collect({ workers: 5 }), world.collect()]);
    expect(runs.reduce((sum, { blobs }) => sum + blobs, 0)).toBe(60);
    expect(await Promise.all([world.giveUp(), world.giveUp()]).then(([a, b]) => a + b)).toBe(60);
    expect(await usage()).toBe(0);
    expect(await world.files()).toEqual([]);
  });
});

describe('R18 content that was removed', () => {
  it('can be pushed again at any moment of its removal, and is whole then', async () => {
    const blob = await world.pushBlob(repository);
    const { store } = world;
    const { blobs } = world.content;
    const digests = [blob.digest];
    const raw = () =>
      world.test.database
        .query<{ digest: Buffer }>('select digest from blobs')
        .then((rows) => rows.map((row) => row.digest));
    const again = async () => {
      await world.pushBlob(repository, blob.bytes);
      expect(await world.read(repository, blob.digest)).toEqual(blob.bytes);
    };
    const steps = [
      async () => void (await store.collect(await raw(), collectableAfterSeconds(world.graceSeconds))),
      () => blobs.setAside(digests),
      () => store.markAside(digests),
      () => world.giveUp(),
    ];
    for (let cut = 1; cut <= steps.length; cut++) {
      await world.age();
      for (const step of steps.slice(0, cut)) await step();
      await again();
      for (const step of steps.slice(cut)) await step();
      await world.giveUp();
      expect(await world.read(repository, blob.digest)).toEqual(blob.bytes);
      expect(await blobs.stat(blob.digest)).toEqual({ size: 64 });
    }
  });

  it('is whole when its bytes were sealed before they were set aside, and linked afterwards', async () => {
    const blob = await world.pushBlob(repository);
    await world.age();
    const upload = `upload-${run}`;
    const { uploads, blobs } = world.content;
    await uploads.append(upload, 0, bytesOf(blob.bytes), ['sha256']);
    await uploads.seal(upload, blob.digest, blob.bytes.length);
    expect(await world.collect()).toMatchObject({ blobs: 1 });
    // What linkBlob of that push does now.
    await world.test.database.query(`insert into blobs (digest, size) values (digest_bytes($1), 64)`, [blob.digest]);
    await world.giveUp();
    expect(await blobs.stat(blob.digest)).toEqual({ size: 64 });
    await world.age();
    await world.collect();
  });
});

it('R19 what a run that died left is finished by the next', async () => {
  const dead = [await world.pushBlob(repository), await world.pushBlob(repository)];
  await world.age();
  const rows = await world.test.database.query<{ digest: Buffer }>('select digest from blobs');
  // The rows are gone; the process dies before it touches a file.
  await world.store.collect(
    rows.map((row) => row.digest),
    collectableAfterSeconds(world.graceSeconds),
  );
  expect(await world.files()).toEqual(digestsOf(...dead));
  await world.giveUp();
  expect(await world.files()).toEqual([]);
  expect(await world.giveUp()).toBe(2);
  expect(await world.content.blobs.stat((dead[0] as PushedBlob).digest)).toBeNull();
  expect(await world.test.database.query('select 1 from removed_blobs')).toEqual([]);
});

it('decides about sets as the pure rules decide about one (200 random worlds of blobs)', async () => {
  const after = collectableAfterSeconds(world.graceSeconds);
  const expected = { links: 0, blobs: [] as string[], kept: [] as string[] };
  for (let count = 0; count < 200; count++) {
    const blob = await world.pushBlob(world.repository(`w${run}-${count % 5}`));
    const links = [{ needed: false }];
    for (let more = 0; more < count % 3; more++) {
      const target = world.repository(`w${run}-${(count + more + 1) % 5}`);
      await world.operations.mountBlob(change(target), blob.digest, world.repository(`w${run}-${count % 5}`));
      const needed = Math.random() < 0.4;
      if (needed) await world.pushManifest(target, null, [blob]);
      links.push({ needed });
    }
    const age = Math.random() < 0.3 ? after - 100 : after + 100;
    const trashItems = Math.random() < 0.2 ? 1 : 0;
    await world.test.database.query(
      'update blobs set last_touched_at = now() - make_interval(secs => $2) where digest = digest_bytes($1)',
      [blob.digest, age],
    );
    if (trashItems > 0) {
      await world.test.database.query(
        `with item as (
           insert into trash_items (project_id, kind, title, deleted_by, expires_at) values ($1, 'artifact', 'x', 'ada', now()) returning id
         )
         insert into trash_blobs (item_id, digest, project_id, size) select id, digest_bytes($2), $1, 64 from item`,
        [world.projectId, blob.digest],
      );
    }
    const decision = decideBlob({ age, links, trashItems }, after);
    expected.links += decision.links;
    (decision.blob ? expected.blobs : expected.kept).push(blob.digest);
  }
  const tally = await world.collect({ workers: 3 });
  expect(tally).toMatchObject({ links: expected.links, blobs: expected.blobs.length });
  expect(await world.rows()).toEqual(expected.kept.toSorted());
});

async function* bytesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes);
}
