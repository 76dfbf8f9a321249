import type { TransactionalSql } from '@moorage/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentChanges } from '../src/content/index.ts';
import {
  change,
  createRegistryFixture,
  digestFor,
  image,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import { continueRestoration, RestorationStore } from '../src/restoration/index.ts';
import { emptyTrashPulse } from '../src/trash/index.ts';
import { measureUsage } from '../src/usage/index.ts';
import { contentOf, seedLargeRepository } from './large-repository.ts';

const MANIFESTS = 4_500;
const INDEXES = 45;
const origin = { reason: 'deleted', by: 'me' } as const;

let fixture: RegistryFixture;
let projectId: number;

const pulse = () => emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
const deleteRepository = async (name: string) => {
  const event = { name: 'repository.deleted', projectId, data: {} };
  const removed = await new ContentChanges(fixture.database).removeRepository(
    scope(projectId, name),
    origin,
    () => event,
  );
  await pulse();
  return removed?.itemId ?? 0;
};

beforeAll(async () => {
  fixture = await createRegistryFixture();
  projectId = await fixture.project('big');
  await seedLargeRepository(fixture, projectId, 'big/app', MANIFESTS);
}, 300_000);
afterAll(() => fixture.close());

const content = (name: string) => contentOf(fixture.database, name);

describe('a large repository in the trash', () => {
  const stateOf = async (itemId: number) =>
    (await fixture.database.query<{ state: string }>('select state from trash_items where id = $1', [itemId]))[0]
      ?.state;
  const shown = () =>
    fixture.database.query<{ name: string; artifact_count: number; tag_count: number }>(
      `select name, artifact_count, tag_count from repositories where project_id = $1 and first_pushed_at is not null order by name`,
      [projectId],
    );
  const consistent = async () => {
    const usage = await measureUsage(fixture.database, projectId);
    expect(usage.stored).toBe(usage.counted);
    expect(usage.storedArtifacts).toBe(usage.countedArtifacts);
  };
  const wish = (itemId: number, repository: string) => ({
    projectId,
    itemId,
    repository,
    merge: false,
    tags: new Map(),
    skipTakenTags: false,
    by: 'ada',
    from: '',
  });
  const itemIdOf = async () =>
    (await fixture.database.query<{ id: number }>(`select id from trash_items where kind = 'repository'`))[0]?.id ?? 0;
  const eventOf = () => ({ name: 'repository.restored', projectId, data: {} });

  const begin = (itemId: number, repository: string, tags: ReadonlyMap<string, string | null> = new Map()) =>
    new RestorationStore(fixture.database).restore({ ...wish(itemId, repository), tags }, eventOf);
  const steps = (itemId: number, batches: number, database: TransactionalSql = fixture.database) =>
    continueRestoration(database, itemId, () => batches-- > 0);
  const events = (name: string) => fixture.database.query('select from outbox_events where name = $1', [name]);

  it('comes back as it was, shows nothing before all of it is there, and goes on where it was killed', async () => {
    const { database } = fixture;
    const before = await content('big/app');
    expect(before).toMatchObject({ artifacts: MANIFESTS, parts: 10 * INDEXES });
    const itemId = await deleteRepository('big/app');
    await consistent();
    expect(await begin(itemId, 'big/app')).toMatchObject({ isMoving: true, artifacts: MANIFESTS });
    expect(await steps(itemId, 2)).toBe('more');
    await consistent();
    expect(await shown()).toEqual([]);
    expect(await fixture.store.findManifest(scope(projectId, 'big/app'), { digest: digestFor('7') })).toBeNull();
    expect(await stateOf(itemId)).toBe('restoring');
    expect(await events('repository.restored')).toEqual([]);
    // Of the batch that is under way when the process dies nothing stays.
    const dying: TransactionalSql = {
      query: (text, values) => database.query(text, values),
      run: (statement) => database.run(statement),
      transaction: (work) =>
        database.transaction(async (transaction) => {
          await work(transaction);
          throw new Error('killed');
        }),
    };
    await expect(steps(itemId, 1, dying)).rejects.toThrow('killed');
    await consistent();
    await pulse();
    expect(await content('big/app')).toEqual(before);
    expect(await stateOf(itemId)).toBeUndefined();
    expect(await events('repository.restored')).toHaveLength(1);
    await consistent();
    expect(await fixture.store.findManifest(scope(projectId, 'big/app'), { digest: digestFor('7') })).not.toBeNull();
    const moves = await database.query(
      `select distinct operation, moved_by from tag_moves where tag = 'first' and operation <> 'push'`,
    );
    expect(moves).toEqual(
      expect.arrayContaining([
        { operation: 'delete', moved_by: 'me' },
        { operation: 'restore', moved_by: 'ada' },
      ]),
    );
  }, 120_000);

  it('comes back under another name, with tags renamed and left out', async () => {
    const itemId = await deleteRepository('big/app');
    const [kept] = await fixture.database.query<{ tag_count: number }>(
      'select tag_count from trash_items where id = $1',
      [itemId],
    );
    const [left] = await fixture.database.query<{ name: string }>(
      `select name from trash_tags where item_id = $1 and name <> 'first' limit 1`,
      [itemId],
    );
    const choice = new Map([
      ['first', 'renamed'],
      [left?.name ?? '', null],
    ]);
    expect(await begin(itemId, 'big/again', choice)).toMatchObject({ isMoving: true, leftOut: [left?.name] });
    expect(await steps(itemId, 100)).toBe('restored');
    const again = scope(projectId, 'big/again');
    expect(await fixture.store.findManifest(again, { tag: tag('renamed') })).not.toBeNull();
    for (const gone of ['first', left?.name ?? '']) {
      expect(await fixture.store.findManifest(again, { tag: tag(gone) })).toBeNull();
    }
    const tags = (kept?.tag_count ?? 0) - 1;
    expect(await content('big/again')).toMatchObject({ artifact_count: MANIFESTS, tag_count: tags, tags });
    await consistent();
  }, 120_000);

  it('falls back into the trash when its name was pushed meanwhile', async () => {
    const before = await content('big/again');
    const itemId = await deleteRepository('big/again');
    await begin(itemId, 'big/third');
    expect(await steps(itemId, 2)).toBe('more');
    const pushed = image([], { salt: 'third', tags: [tag('v3')] });
    await fixture.store.putManifest(change(scope(projectId, 'big/third')), pushed);
    expect(await steps(itemId, 100)).toBe('undone');
    expect(await stateOf(itemId)).toBe('filling');
    await consistent();
    await pulse();
    const item = await fixture.database.query(
      'select state, artifact_count, tag_count from trash_items where id = $1',
      [itemId],
    );
    expect(item).toEqual([{ state: 'kept', artifact_count: MANIFESTS, tag_count: before?.tag_count }]);
    expect(await shown()).toEqual([{ name: 'big/third', artifact_count: 1, tag_count: 1 }]);
    expect(await events('repository.restoration-undone')).toHaveLength(1);
    await consistent();
  }, 120_000);

  it('falls back when its artifacts do not fit any more, and is refused from then on', async () => {
    const itemId = await itemIdOf();
    await begin(itemId, 'big/fourth');
    expect(await steps(itemId, 1)).toBe('more');
    await fixture.database.query('update quotas set hard_artifacts = 1500 where project_id = $1', [projectId]);
    expect(await steps(itemId, 100)).toBe('undone');
    await pulse();
    await consistent();
    expect(await stateOf(itemId)).toBe('kept');
    await expect(begin(itemId, 'big/fourth')).rejects.toThrow('may hold 1500 artifacts');
  }, 120_000);
});
