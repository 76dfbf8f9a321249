import { randomBytes, randomInt } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CollectableBlobStore, type Digest, hexOf, type RepositoryScope } from '@moorage/distribution';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseListQuery } from '../src/http/index.ts';
import { collectableAfterSeconds } from '../src/registry/index.ts';
import { change } from '../src/registry/testing/registry-fixture.ts';
import { KeptBlobStore } from '../src/storage-check/kept-blob.store.ts';
import { ScrubStateStore } from '../src/storage-check/scrub-state.store.ts';
import { StorageCheckStore } from '../src/storage-check/storage-check.store.ts';
import { StorageFindingStore } from '../src/storage-check/storage-finding.store.ts';
import { type CutScan, scanStorage } from '../src/storage-check/storage-scan.ts';
import { scrubStorage } from '../src/storage-check/storage-scrub.ts';
import { GarbageWorld, type PushedBlob } from './garbage-world.ts';

let world: GarbageWorld;
let repository: RepositoryScope;
let signal: AbortSignal;

beforeEach(async () => {
  world = await GarbageWorld.open();
  repository = world.repository('app');
  signal = new AbortController().signal;
  reported.length = 0;
});
afterEach(() => world.close());

const reported: Record<string, unknown>[] = [];
const report = (facts: object) => Promise.resolve(void reported.push({ ...facts }));
const context = () => ({ executionId: 1, signal, log: () => undefined, report });
const pathOf = (digest: Digest) =>
  join(world.root, 'registry', 'blobs', 'sha256', hexOf(digest).slice(0, 2), hexOf(digest));
const store = () => new StorageCheckStore(world.test.database);
const scrub = (blobs: CollectableBlobStore = world.content.blobs) =>
  scrubStorage(
    {
      store: store(),
      state: new ScrubStateStore(world.test.database),
      blobs,
      bytesPerSecond: () => Promise.resolve(0),
    },
    context(),
  );
const scan = (ageSeconds = 0, cut: CutScan | null = null) =>
  scanStorage(
    { store: store(), blobs: world.content.blobs, ageSeconds, objectsPerSecond: async () => 0 },
    context(),
    cut,
  );
/** A look at the storage at a pace of 1 waits as soon as it has taken something, until it is stopped. */
async function waitsAfterTheFirst(
  look: (perSecond: () => Promise<number>, on: ReturnType<typeof context>) => Promise<unknown>,
): Promise<void> {
  const abort = new AbortController();
  let asked = 0;
  const perSecond = () => {
    if (++asked === 1) setTimeout(() => abort.abort(new Error('stopped')), 100);
    return Promise.resolve(1);
  };
  await expect(look(perSecond, { ...context(), signal: abort.signal })).rejects.toThrow('stopped');
  expect(asked).toBe(1);
}
const findings = async () => {
  const request = parseListQuery({ filters: {}, sorts: ['id'], defaultSort: 'id' }, { page_size: '100' });
  return (await new StorageFindingStore(world.test.database).list(request)).rows;
};
const pushed = async (count: number) => {
  const blobs: PushedBlob[] = [];
  for (let index = 0; index < count; index++) blobs.push(await world.pushBlob(repository, randomBytes(64)));
  return blobs;
};

describe('the scrub', () => {
  it('R8 finds every damaged blob in one pass, takes it out of service, and a push heals it', async () => {
    const blobs = await pushed(60);
    const damaged = blobs.slice(0, 30);
    for (const [index, { digest, bytes }] of damaged.entries()) {
      const spoilt = Buffer.from(bytes);
      const at = randomInt(spoilt.length);
      spoilt[at] = (spoilt[at] as number) ^ (1 << randomInt(8));
      const swapped = (blobs[30 + index] as PushedBlob).bytes;
      await writeFile(
        pathOf(digest),
        [spoilt, bytes.subarray(1), Buffer.concat([bytes, bytes]), swapped][index % 4] as Buffer,
      );
    }
    expect(await scrub()).toEqual({ blobs: 60, bytes: 60 * 64, corrupt: 30 });
    expect((await findings()).map(({ digest }) => digest).toSorted()).toEqual(
      damaged.map(({ digest }) => digest).toSorted(),
    );
    for (const { digest } of damaged) {
      await expect(world.read(repository, digest)).rejects.toMatchObject({
        code: 'BLOB_UNKNOWN',
        message: expect.stringContaining('push the blob again'),
      });
    }
    for (const { digest, bytes } of blobs.slice(30)) expect(await world.read(repository, digest)).toEqual(bytes);
    const state = () => new ScrubStateStore(world.test.database).read();
    expect(await state()).toMatchObject({ position: null, lastPassBlobs: 60, lastPassCorrupt: 30, damagedBlobs: 30 });
    // Mounting would only spread it.
    const other = world.repository('other');
    expect(await world.operations.mountBlob(change(other), (damaged[0] as PushedBlob).digest, repository)).toBe(false);
    for (const { bytes } of damaged) await world.pushBlob(repository, bytes);
    for (const { digest, bytes } of blobs) expect(await world.read(repository, digest)).toEqual(bytes);
    expect(await scrub()).toMatchObject({ blobs: 60, corrupt: 0 });
    expect((await findings()).every(({ state: at }) => at === 'healed')).toBe(true);
    expect(await state()).toMatchObject({ damagedBlobs: 0 });
  });

  it('goes on where it was cut short, at its pace', async () => {
    await pushed(250);
    const abort = new AbortController();
    const cut = scrubStorage(
      {
        store: store(),
        state: new ScrubStateStore(world.test.database),
        blobs: world.content.blobs,
        bytesPerSecond: async () => 1e9,
      },
      { ...context(), signal: abort.signal, report: async () => abort.abort(new Error('the worker shuts down')) },
    );
    await expect(cut).rejects.toThrow('shuts down');
    expect(await scrub()).toMatchObject({ blobs: 50 });
    expect(await new ScrubStateStore(world.test.database).read()).toMatchObject({ lastPassBlobs: 250, position: null });
    // The last of 250 evenly spread digests.
    expect(reported.at(-1)?.percent).toBeGreaterThan(80);
    await waitsAfterTheFirst((perSecond, on) =>
      scrubStorage(
        {
          store: store(),
          state: new ScrubStateStore(world.test.database),
          blobs: world.content.blobs,
          bytesPerSecond: perSecond,
        },
        on,
      ),
    );
  });
});

describe('R8 what is pushed while the storage is checked', () => {
  const rotten = async (spoilt: Buffer) => {
    const [blob] = (await pushed(1)) as [PushedBlob];
    await writeFile(pathOf(blob.digest), spoilt);
    return blob;
  };
  const isServed = async ({ digest, bytes }: PushedBlob) => expect(await world.read(repository, digest)).toEqual(bytes);
  /** The storage, in which a push to another repository is acknowledged right after the n-th call of a method. */
  const withPush = (
    method: 'open' | 'stat' | 'quarantine',
    nth: number,
    { bytes }: PushedBlob,
  ): CollectableBlobStore => {
    const { blobs } = world.content;
    let calls = 0;
    return new Proxy(blobs, {
      get(_, name) {
        const value: unknown = Reflect.get(blobs, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          const result: unknown = await Reflect.apply(value, blobs, args);
          if (name === method && ++calls === nth) await world.pushBlob(world.repository('other'), bytes);
          return result;
        };
      },
    });
  };
  const scanOn = (blobs: CollectableBlobStore) =>
    scanStorage({ store: store(), blobs, ageSeconds: 3600, objectsPerSecond: async () => 0 }, context(), null);

  it('stays in service when the scrub still reads the damaged bytes it replaced', async () => {
    const blob = await rotten(randomBytes(64));
    expect(await scrub(withPush('open', 2, blob))).toMatchObject({ blobs: 1, corrupt: 0 });
    await isServed(blob);
    expect(await findings()).toEqual([]);
    expect(await scrub()).toMatchObject({ blobs: 1, corrupt: 0 });
  });

  it('stays in service when it comes after the quarantine, before the row is marked', async () => {
    const blob = await rotten(randomBytes(64));
    expect(await scrub(withPush('quarantine', 1, blob))).toMatchObject({ blobs: 1, corrupt: 1 });
    await isServed(blob);
    expect(await findings()).toMatchObject([{ problem: 'corrupt-object', digest: blob.digest, state: 'healed' }]);
  });

  it('stays in service when the scan compared what it replaced', async () => {
    const short = await rotten(Buffer.from('short'));
    expect(await scanOn(withPush('open', 1, short))).toMatchObject({ missing: 0, wrong_size: 0 });
    await isServed(short);
    await writeFile(pathOf(short.digest), 'short');
    expect(await scanOn(withPush('stat', 1, short))).toMatchObject({ missing: 0, wrong_size: 0 });
    await isServed(short);
    await rm(pathOf(short.digest));
    expect(await scanOn(withPush('open', 1, short))).toMatchObject({ missing: 0, wrong_size: 0 });
    await isServed(short);
    expect(await findings()).toEqual([]);
  });
});

describe('the scan', () => {
  it('finds objects nobody knows and rows whose object is gone or of another length', async () => {
    const [whole, gone, short, lost] = (await pushed(4)) as [PushedBlob, PushedBlob, PushedBlob, PushedBlob];
    await rm(pathOf(gone.digest));
    await writeFile(pathOf(short.digest), 'short');
    await world.test.database.query('delete from repository_blobs where digest = digest_bytes($1)', [lost.digest]);
    await world.test.database.query('delete from blobs where digest = digest_bytes($1)', [lost.digest]);
    expect(await scan(3600)).toMatchObject({ objects: 3, unknown: 0, missing: 1, wrong_size: 1 });
    expect(await scan()).toMatchObject({ unknown: 1, missing: 0, wrong_size: 0 });
    expect((await findings()).map(({ problem, digest, state }) => ({ problem, digest, state }))).toEqual(
      expect.arrayContaining([
        { problem: 'missing-object', digest: gone.digest, state: 'found' },
        { problem: 'wrong-size', digest: short.digest, state: 'quarantined' },
        { problem: 'unknown-object', digest: lost.digest, state: 'set-aside' },
      ]),
    );
    expect(await world.files()).toEqual([whole.digest]);
    await expect(world.read(repository, gone.digest)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
    // It can come back for a week, by whatever makes the database know it again.
    expect(await world.giveUp()).toBe(0);
    expect(await world.content.blobs.stat(lost.digest)).toEqual({ size: 64 });
    for (const { bytes } of [gone, short]) await world.pushBlob(repository, bytes);
    expect(await scan()).toMatchObject({ missing: 0, wrong_size: 0 });
    expect((await findings()).filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
  });

  it('goes on where it was cut short, in either half', async () => {
    const digests = (await pushed(8)).map(({ digest }) => digest).toSorted();
    const tally = { objects: 3, unknown: 0, rows: 0, missing: 0, wrong_size: 0 };
    const after = digests[2] as Digest;
    await rm(pathOf(digests[1] as Digest));
    expect(await scan(3600, { tally, position: { phase: 'objects', after } })).toMatchObject({
      objects: 8,
      rows: 8,
      missing: 1,
    });
    await rm(pathOf(digests[0] as Digest));
    await rm(pathOf(digests[7] as Digest));
    const done = { ...tally, objects: 7, rows: 3 };
    // Row 2 is out of service by now, and those up to the position were looked at before.
    expect(await scan(3600, { tally: done, position: { phase: 'rows', after } })).toMatchObject({
      objects: 7,
      rows: 8,
      missing: 1,
    });
    const percents = reported.map(({ percent }) => Number(percent));
    expect(percents.slice(0, 2).toSorted((a, b) => a - b)).toEqual(percents.slice(0, 2));
    expect(percents[0]).toBeLessThan(50);
    expect(percents.slice(1).every((percent) => percent >= 50 && percent < 100)).toBe(true);
  });

  it('keeps to its pace, and ends when it is stopped meanwhile', async () => {
    await pushed(20);
    await waitsAfterTheFirst((objectsPerSecond, on) =>
      scanStorage({ store: store(), blobs: world.content.blobs, ageSeconds: 3600, objectsPerSecond }, on, null),
    );
    expect(reported).toMatchObject([{ objects: 20, phase: 'objects' }]);
  });

  it('leaves alone what a push has just sealed', async () => {
    const [blob] = (await pushed(1)) as [PushedBlob];
    await world.test.database.query('delete from repository_blobs');
    await world.test.database.query('delete from blobs');
    expect(await scan(60)).toMatchObject({ unknown: 0 });
    expect(await world.files()).toEqual([blob.digest]);
  });
});

it('tells why each byte of a project is kept, and until when', async () => {
  const [tagged, trashed, told, dead] = (await pushed(4)) as [PushedBlob, PushedBlob, PushedBlob, PushedBlob];
  const manifest = await world.pushManifest(repository, 'v1', [tagged]);
  await world.test.database.query(
    `with item as (
       insert into trash_items (project_id, kind, title, deleted_by, expires_at)
       values ($1, 'artifact', 'x', 'ada', '2030-01-01T00:00:00Z') returning id
     )
     insert into trash_blobs (item_id, digest, project_id, size) select id, digest_bytes($2), $1, 64 from item`,
    [world.projectId, trashed.digest],
  );
  await world.age();
  await world.operations.findBlob(repository, told.digest);
  const kept = new KeptBlobStore(world.test.database);
  const after = collectableAfterSeconds(world.graceSeconds);
  const spec = { filters: { reason: 'text' }, sorts: ['reason'], defaultSort: 'reason' } as const;
  const { rows, total } = await kept.list(world.projectId, after, parseListQuery(spec, {}));
  expect(total).toBe(4);
  expect(rows).toMatchObject([
    { reason: 'lease', digest: told.digest, repository: 'p/app' },
    { reason: 'manifest', digest: tagged.digest, artifactDigest: manifest, keptUntil: null },
    { reason: 'trash', digest: trashed.digest, keptUntil: new Date('2030-01-01T00:00:00Z') },
    { reason: 'unneeded', digest: dead.digest, keptUntil: null },
  ]);
  expect((rows[0]?.keptUntil?.getTime() ?? 0) - Date.now()).toBeGreaterThan((after - 60) * 1000);
  const one = await kept.list(world.projectId, after, parseListQuery(spec, { q: 'reason=unneeded' }));
  expect(one.rows.map(({ digest }) => digest)).toEqual([dead.digest]);
  // By what the account knows, page by page: the same blobs with the same reasons, manifests left out.
  const account = {
    filters: { reason: 'text', size: 'number' },
    sorts: ['size', 'digest'],
    defaultSort: '-size',
  } as const;
  const pages = await Promise.all(
    ['1', '2'].map((page) => kept.list(world.projectId, after, parseListQuery(account, { page, page_size: '3' }))),
  );
  expect(pages.map((page) => page.total)).toEqual([4, 4]);
  const byDigest = <T extends { digest: string }>(list: readonly T[]) =>
    list.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  expect(byDigest(pages.flatMap((page) => page.rows))).toEqual(byDigest(rows));
  const small = await kept.list(world.projectId, after, parseListQuery(account, { q: 'size=[0~63]' }));
  expect(small.total).toBe(0);
  const totals = await kept.totals(world.projectId, after);
  expect(totals.reasons).toEqual(
    ['manifest', 'trash', 'lease', 'unneeded'].map((reason) => ({ reason, count: 1, bytes: 64 })),
  );
  expect(await world.collect()).toMatchObject({ blobs: 1, bytes: 64 });
  expect(await kept.list(world.projectId + 1, after, parseListQuery(spec, {}))).toEqual({ rows: [], total: 0 });
});
