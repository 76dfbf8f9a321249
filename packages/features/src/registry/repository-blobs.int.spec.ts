import { type RepositoryScope, StoreUnavailable } from '@moorage/distribution';
import type { QueryResultRow } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SqlMetadataStore } from './metadata.store.ts';
import {
  change,
  createRegistryFixture,
  descriptor,
  digestFor,
  image,
  link,
  type RegistryFixture,
  scope,
  usageOf,
} from './testing/registry-fixture.ts';

let fixture: RegistryFixture;
let projectId: number;
let repository: RepositoryScope;
let run = 0;

beforeAll(async () => {
  fixture = await createRegistryFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  run++;
  projectId = await fixture.project(`p${run}`);
  // What is in the trash would be counted.
  await fixture.database.query(`update projects set metadata = '{"trash_days": "0"}' where id = $1`, [projectId]);
  repository = scope(projectId, `p${run}/app`);
});

const used = () => usageOf(fixture.database, projectId);
const age = (digest: string, seconds: number) =>
  fixture.database.query(
    'update blobs set last_touched_at = now() - make_interval(secs => $2) where digest = digest_bytes($1)',
    [digest, seconds],
  );
const ageOf = async (digest: string) => {
  const [row] = await fixture.database.query<{ age: number }>(
    'select extract(epoch from now() - last_touched_at)::float8 as age from blobs where digest = digest_bytes($1)',
    [digest],
  );
  return row?.age ?? Number.NaN;
};

describe('links', () => {
  test('is never said to be there when the repository was deleted between its row and the link', async () => {
    const { database } = fixture;
    let deletions = 1;
    const store = new SqlMetadataStore(
      {
        query: async (text, values) => {
          const rows = await database.query<QueryResultRow>(text, values);
          if (text.includes('insert into repositories (project_id') && deletions-- > 0) {
            await database.query('delete from repositories where project_id = $1', [projectId]);
          }
          return rows as never;
        },
        run: (statement) => database.run(statement),
        transaction: (work) => database.transaction(work),
      },
      { open: () => Promise.resolve(null) },
      () => fixture.limits,
    );
    const blob = descriptor(`raced ${run}`);
    expect(await store.linkBlob(change(repository), blob)).toEqual({ status: 'linked' });
    expect(await store.findBlob(repository, blob.digest)).toMatchObject({ size: blob.size });
    deletions = 100;
    await database.query('delete from repositories where project_id = $1', [projectId]);
    await expect(store.linkBlob(change(repository), blob)).rejects.toThrow(StoreUnavailable);
  });

  test('nothing is put into a project in the trash, by a token from before', async () => {
    const { database, store } = fixture;
    const [kept, late] = [descriptor(`kept ${run}`), descriptor(`late ${run}`)];
    const other = scope(await fixture.project(`q${run}`), `q${run}/app`);
    await link(store, change(repository), [kept]);
    await link(store, change(other), [late]);
    const manifest = image([kept]);
    const before = await used();
    await database.query('update projects set deleted_at = now() where id = $1', [projectId]);
    const gone = { status: 'refused', message: expect.stringContaining('does not exist any more') };
    expect(await store.linkBlob(change(repository), late)).toMatchObject(gone);
    expect(await store.mountBlob(change(repository), late.digest, other)).toMatchObject(gone);
    expect(await store.putManifest(change(repository), manifest)).toMatchObject({ status: 'missing' });
    expect(await store.putManifest(change(repository), image([]))).toMatchObject(gone);
    expect(await store.findBlob(repository, late.digest)).toBeNull();
    expect(await used()).toBe(before);
    await database.query('update projects set deleted_at = null where id = $1', [projectId]);
    expect(await store.putManifest(change(repository), manifest)).toEqual({ status: 'stored' });
  });

  test('a blob is there for the repository that linked it and for no other', async () => {
    const blob = descriptor(`blob of ${run}`);
    expect(await fixture.store.findBlob(repository, blob.digest)).toBeNull();
    expect(await fixture.store.linkBlob(change(repository), blob)).toEqual({ status: 'linked' });
    expect(await fixture.store.linkBlob(change(repository), blob)).toEqual({ status: 'linked' });
    expect(await fixture.store.findBlob(repository, blob.digest)).toEqual({ size: 1000 });
    expect(await fixture.store.findBlob(scope(projectId, `p${run}/other`), blob.digest)).toBeNull();
    const elsewhere = await fixture.project(`elsewhere${run}`);
    expect(await fixture.store.findBlob(scope(elsewhere, repository.name), blob.digest)).toBeNull();
    expect(await used()).toBe(1000);
  });

  test('names that differ in a wildcard stay apart', async () => {
    const blob = descriptor(`wildcard ${run}`);
    await link(fixture.store, change(scope(projectId, 'a_b/app')), [blob]);
    for (const name of ['axb/app', 'a%b/app', 'a_b/ap_', 'a_b/%', 'A_B/app']) {
      expect(await fixture.store.findBlob(scope(projectId, name), blob.digest)).toBeNull();
      expect(await fixture.store.hasRepository(scope(projectId, name))).toBe(false);
    }
    expect(await fixture.store.hasRepository(scope(projectId, 'a_b/app'))).toBe(true);
  });

  test('the link and the end of its upload are one change', async () => {
    const started = await fixture.store.startUpload(change(repository));
    const id = started.status === 'started' ? started.session.id : '';
    await fixture.store.linkBlob(change(repository), { ...descriptor(`upload ${run}`), uploadId: id });
    expect(await fixture.store.findUpload(change(repository), id)).toBeNull();
  });

  test('a mount needs the link of its source', async () => {
    const blob = descriptor(`mount ${run}`);
    const source = scope(projectId, `p${run}/source`);
    const mount = (from: RepositoryScope) => fixture.store.mountBlob(change(repository), blob.digest, from);
    expect(await mount(source)).toEqual({ status: 'missing' });
    expect(await fixture.store.hasRepository(repository)).toBe(false);
    await link(fixture.store, change(source), [blob]);
    const stranger = await fixture.project(`stranger${run}`);
    expect(await mount(scope(stranger, source.name))).toEqual({ status: 'missing' });
    expect(await mount(source)).toEqual({ status: 'linked' });
    expect(await fixture.store.findBlob(repository, blob.digest)).toEqual({ size: 1000 });
    expect(await used()).toBe(1000);
  });

  test('a source without a name is looked for in the same project only', async () => {
    const blob = descriptor(`source ${run}`);
    const elsewhere = await fixture.project(`private${run}`);
    await link(fixture.store, change(scope(elsewhere, `private${run}/app`)), [blob]);
    expect(await fixture.store.findBlobSource(repository, blob.digest)).toBeNull();
    const source = scope(projectId, `p${run}/source`);
    await link(fixture.store, change(source), [blob]);
    expect(await fixture.store.findBlobSource(repository, blob.digest)).toEqual(source);
  });

  test('an unlink frees what nobody else in the project links, and leaves what a manifest needs', async () => {
    const blob = descriptor(`shared ${run}`);
    const other = scope(projectId, `p${run}/other`);
    await link(fixture.store, change(repository), [blob]);
    await link(fixture.store, change(other), [blob]);
    expect(await fixture.store.unlinkBlob(change(repository), blob.digest)).toBe('unlinked');
    expect(await fixture.store.unlinkBlob(change(repository), blob.digest)).toBe('missing');
    expect(await fixture.store.findBlob(repository, blob.digest)).toBeNull();
    expect(await fixture.store.findBlob(other, blob.digest)).toEqual({ size: 1000 });
    expect(await used()).toBe(1000);

    const manifest = image([blob]);
    await fixture.store.putManifest(change(other), manifest);
    expect(await fixture.store.unlinkBlob(change(other), blob.digest)).toBe('referenced');
    await fixture.store.deleteManifest(change(other), manifest);
    expect(await fixture.store.unlinkBlob(change(other), blob.digest)).toBe('unlinked');
    expect(await used()).toBe(0);
    const [event] = await fixture.database.query<{ payload: object }>(
      "select payload from outbox_events where project_id = $1 and name = 'blob.deleted' order by id",
      [projectId],
    );
    expect(event?.payload).toMatchObject({ data: { repository: repository.name, digest: blob.digest } });
  });
});

describe('leases', () => {
  test('a young lease is left alone', async () => {
    const blob = descriptor(`young ${run}`);
    await link(fixture.store, change(repository), [blob]);
    await age(blob.digest, 50);
    await fixture.store.findBlob(repository, blob.digest);
    expect(await ageOf(blob.digest)).toBeGreaterThanOrEqual(50);
  });

  test('an old lease is renewed before the answer, for all who ask at once', async () => {
    const blobs = Array.from({ length: 40 }, (_, number) => descriptor(`old ${run} ${number}`));
    await link(fixture.store, change(repository), blobs);
    for (const blob of blobs) await age(blob.digest, 100_000);
    await Promise.all(
      [...blobs, ...blobs].map(async (blob) => {
        expect(await fixture.store.findBlob(repository, blob.digest)).toEqual({ size: 1000 });
        expect(await ageOf(blob.digest)).toBeLessThan(30);
      }),
    );
  });

  test('a lease of middle age is renewed in the background', async () => {
    const blob = descriptor(`middle ${run}`);
    await link(fixture.store, change(repository), [blob]);
    await age(blob.digest, 120);
    expect(await fixture.store.findBlob(repository, blob.digest)).toEqual({ size: 1000 });
    await expect.poll(() => ageOf(blob.digest)).toBeLessThan(60);
  });

  test('a second upload and a mount renew the lease', async () => {
    const blob = descriptor(`again ${run}`);
    await link(fixture.store, change(repository), [blob]);
    await age(blob.digest, 3600);
    await link(fixture.store, change(repository), [blob]);
    expect(await ageOf(blob.digest)).toBeLessThan(60);
    await age(blob.digest, 3600);
    await fixture.store.mountBlob(change(scope(projectId, `p${run}/target`)), blob.digest, repository);
    expect(await ageOf(blob.digest)).toBeLessThan(60);
  });

  test('a collector that holds the blob and removes it makes the reader see none', async () => {
    const blob = descriptor(`collected ${run}`);
    await link(fixture.store, change(repository), [blob]);
    await age(blob.digest, 100_000);
    let answer: Promise<unknown> = Promise.resolve();
    await fixture.database.transaction(async (transaction) => {
      await transaction.query('select from blobs where digest = digest_bytes($1) for update', [blob.digest]);
      answer = fixture.store.findBlob(repository, blob.digest);
      // The reader has found the link and waits for the lease.
      await expect
        .poll(async () => {
          const waiting = await fixture.database.query(
            "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'update blobs%' and datname = current_database()",
          );
          return waiting.length;
        })
        .toBe(1);
      await transaction.query('delete from repository_blobs where digest = digest_bytes($1)', [blob.digest]);
      await transaction.query('delete from blobs where digest = digest_bytes($1)', [blob.digest]);
    });
    expect(await answer).toBeNull();
    expect(await fixture.store.findBlob(repository, digestFor(`collected ${run}`))).toBeNull();
  });
});

describe('races', () => {
  test('one blob pushed by fifty callers to as many repositories is one blob and counted once', async () => {
    const blob = descriptor(`popular ${run}`);
    await Promise.all(
      Array.from({ length: 50 }, (_, pusher) =>
        fixture.store.linkBlob(change(scope(projectId, `p${run}/${pusher % 10}`)), blob),
      ),
    );
    const [rows] = await fixture.database.query(
      `select (select count(*) from blobs where digest = digest_bytes($1)) as blobs,
         (select count(*) from repository_blobs where digest = digest_bytes($1)) as links,
         (select links from project_blobs where digest = digest_bytes($1)) as counted`,
      [blob.digest],
    );
    expect(rows).toEqual({ blobs: 1, links: 10, counted: 10 });
    expect(await used()).toBe(1000);
  });

  test('a manifest is stored with its blobs or finds them missing, whoever unlinks them meanwhile', async () => {
    const blob = descriptor(`contested ${run}`);
    for (let round = 0; round < 60; round++) {
      await link(fixture.store, change(repository), [blob]);
      const manifest = image([blob], { salt: String(round) });
      const [put, unlink] = await Promise.all([
        fixture.store.putManifest(change(repository), manifest),
        fixture.store.unlinkBlob(change(repository), blob.digest),
      ]);
      const there = await fixture.store.findBlob(repository, blob.digest);
      if (put.status === 'stored') expect([unlink, there]).toEqual(['referenced', { size: 1000 }]);
      else expect([put.status, unlink, there]).toEqual(['missing', 'unlinked', null]);
      await fixture.store.deleteManifest(change(repository), manifest);
    }
    await fixture.store.unlinkBlob(change(repository), blob.digest);
    expect(await used()).toBe(0);
  });
});
