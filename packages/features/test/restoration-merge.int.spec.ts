import type { TransactionalSql } from '@moorage/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentChanges } from '../src/content/index.ts';
import {
  change,
  createRegistryFixture,
  image,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import { continueRestoration, RestorationStore } from '../src/restoration/index.ts';
import { emptyTrashPulse } from '../src/trash/index.ts';
import { measureUsage } from '../src/usage/index.ts';
import { contentOf, seedLargeRepository } from './large-repository.ts';

const MANIFESTS = 3_500;
const NAME = 'big/app';

let fixture: RegistryFixture;
let projectId: number;

const content = () => contentOf(fixture.database, NAME);
const pulse = () => emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
const push = (salt: string, ...tags: string[]) =>
  fixture.store.putManifest(change(scope(projectId, NAME)), image([], { salt, tags: tags.map(tag) }));
const digestOfTag = async (name: string) =>
  (await fixture.store.findManifest(scope(projectId, NAME), { tag: tag(name) }))?.digest;
const remove = async () => {
  const event = { name: 'repository.deleted', projectId, data: {} };
  const place = scope(projectId, NAME);
  const removed = await new ContentChanges(fixture.database).removeRepository(
    place,
    { reason: 'deleted', by: 'me' },
    () => event,
  );
  await pulse();
  return removed?.itemId ?? 0;
};
const begin = (itemId: number, options: { tags?: [string, string | null][]; skip?: boolean; merge?: boolean } = {}) =>
  new RestorationStore(fixture.database).restore(
    {
      projectId,
      itemId,
      merge: options.merge ?? true,
      tags: new Map(options.tags),
      skipTakenTags: options.skip ?? false,
      by: 'ada',
      from: '',
    },
    () => ({ name: 'repository.restored', projectId, data: {} }),
  );
const steps = (itemId: number, batches: number, database: TransactionalSql = fixture.database) =>
  continueRestoration(database, itemId, () => batches-- > 0);
const itemOf = async (itemId: number) =>
  (
    await fixture.database.query<{ state: string; artifact_count: number; tag_count: number }>(
      'select state, artifact_count, tag_count from trash_items where id = $1',
      [itemId],
    )
  )[0];
const tagsLeft = async (itemId: number) =>
  (
    await fixture.database.query<{ name: string }>('select name from trash_tags where item_id = $1 order by name', [
      itemId,
    ])
  ).map((row) => row.name);
const events = (name: string) => fixture.database.query('select from outbox_events where name = $1', [name]);

/** Accounts are what a recount gives, and nothing that shows lacks a part of it or what it belongs to. */
async function expectWhole(): Promise<void> {
  const usage = await measureUsage(fixture.database, projectId);
  expect([usage.stored, usage.storedArtifacts]).toEqual([usage.counted, usage.countedArtifacts]);
  const torn = await fixture.database.query(
    `select 'part' as what from manifest_children c where not exists (
       select from manifests where repository_id = c.repository_id and digest = c.child_digest)
     union all select 'subject' from manifests a where a.accessory_of is not null and not exists (
       select from manifests where repository_id = a.repository_id and digest = a.accessory_of)
     union all select 'link' from manifest_blobs b where not exists (
       select from repository_blobs where repository_id = b.repository_id and digest = b.digest)
     union all select 'count' from repositories r where trash_item_id is null
       and artifact_count <> (select count(*) from manifests where repository_id = r.id)`,
  );
  expect(torn).toEqual([]);
}

beforeAll(async () => {
  fixture = await createRegistryFixture();
  projectId = await fixture.project('big');
  await seedLargeRepository(fixture, projectId, NAME, MANIFESTS);
}, 300_000);
afterAll(() => fixture.close());

describe('a large repository, merged into one that was pushed again', () => {
  it('comes in batches, each of them whole, beside what is there, and goes on where it was killed', async () => {
    const { database } = fixture;
    const before = await content();
    const itemId = await remove();
    await push('first', 'first');
    await push('new', 'new');
    expect(await begin(itemId)).toMatchObject({ isMoving: true, artifacts: MANIFESTS - 1 });
    expect(await steps(itemId, 1)).toBe('more');
    await expectWhole();
    expect((await content())?.artifacts).toBeGreaterThan(2);
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
    let step = await steps(itemId, 1);
    for (let batch = 0; step === 'more' && batch < 50; batch++) {
      await expectWhole();
      step = await steps(itemId, 1);
    }
    expect(step).toBe('restored');
    expect(await itemOf(itemId)).toBeUndefined();
    expect(await content()).toEqual({
      ...before,
      artifact_count: MANIFESTS + 1,
      artifacts: MANIFESTS + 1,
      listed: (before?.listed ?? 0) + 1,
      tag_count: (before?.tag_count ?? 0) + 1,
      tags: (before?.tags ?? 0) + 1,
    });
    expect(await events('repository.restored')).toHaveLength(1);
    await expectWhole();
  }, 120_000);

  it('leaves a tag that was taken meanwhile in the trash, from where it comes under another name', async () => {
    const itemId = await remove();
    await push('once more', 'other');
    await begin(itemId, { tags: [['first', 'second']] });
    expect(await steps(itemId, 1)).toBe('more');
    const taken = (await tagsLeft(itemId)).at(-1) ?? '';
    await push('taken', taken, 'second');
    const holder = await digestOfTag(taken);
    expect(await steps(itemId, 100)).toBe('halted');
    expect(await itemOf(itemId)).toEqual({ state: 'kept', artifact_count: 0, tag_count: 2 });
    expect(await tagsLeft(itemId)).toEqual(['first', taken].sort());
    expect(await digestOfTag(taken)).toBe(holder);
    expect(await events('repository.restoration-halted')).toHaveLength(1);
    await expectWhole();
    await expect(begin(itemId)).rejects.toThrow(`the tag ${NAME}:${taken} is on`);
    expect(await begin(itemId, { tags: [[taken, 'third']] })).toMatchObject({ isMoving: false, tags: 2, artifacts: 0 });
    expect(await digestOfTag('third')).not.toBe(holder);
    expect(await itemOf(itemId)).toBeUndefined();
    await expectWhole();
  }, 120_000);

  it('stops where its artifacts do not fit any more, leaves taken tags out when told, and takes the rest later', async () => {
    const before = await content();
    const itemId = await remove();
    await push('not the first', 'first');
    await begin(itemId, { skip: true });
    expect(await steps(itemId, 2)).toBe('more');
    await fixture.database.query('update quotas set hard_artifacts = 1600 where project_id = $1', [projectId]);
    expect(await steps(itemId, 100)).toBe('halted');
    const there = (await content())?.artifacts ?? 0;
    expect(there).toBeLessThanOrEqual(1600);
    expect(await itemOf(itemId)).toMatchObject({
      state: 'kept',
      artifact_count: (before?.artifacts ?? 0) + 1 - there,
    });
    await expectWhole();
    await expect(begin(itemId, { skip: true })).rejects.toThrow('may hold 1600 artifacts');
    await fixture.database.query('update quotas set hard_artifacts = -1 where project_id = $1', [projectId]);
    const again = await begin(itemId, { skip: true });
    if (again?.isMoving) expect(await steps(itemId, 100)).toBe('restored');
    // The tag was left out as asked, and what has it now keeps it.
    expect(await content()).toMatchObject({ artifacts: (before?.artifacts ?? 0) + 1, tags: before?.tags });
    await expectWhole();
  }, 120_000);

  it('stops when the repository is deleted under it; nothing is lost', async () => {
    const before = await content();
    const first = await remove();
    await push('yet another', 'yet');
    await begin(first);
    expect(await steps(first, 2)).toBe('more');
    const second = await remove();
    // The worker, which moved the repository into the trash, found nothing to merge into.
    expect(await itemOf(first)).toMatchObject({ state: 'kept' });
    await expectWhole();
    expect(await begin(second, { merge: false })).not.toBeNull();
    await pulse();
    await begin(first);
    await pulse();
    expect(await content()).toMatchObject({
      artifacts: (before?.artifacts ?? 0) + 1,
      tags: (before?.tags ?? 0) + 1,
    });
    await expectWhole();
  }, 120_000);
});
