import { listTagHistory, type ListSpec } from '@moorage/contracts';
import { seedMember, seedUser, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentChanges } from '../src/content/index.ts';
import { parseListQuery, type Principal, type ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { TagHistoryService } from '../src/tag-history/tag-history.service.ts';
import { pruneTagHistoryPulse } from '../src/tag-history/tag-history.jobs.ts';
import { TagHistoryStore } from '../src/tag-history/tag-history.store.ts';
import { tagsAfter, trimHistory } from '../src/tag-history/tag-history-limit.store.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

let fixture: RegistryFixture;
let history: TagHistoryService;
let catalog: ReturnType<typeof testCatalog>;
let project: ProjectRef;
let admin: Principal;
let reader: Principal;
const images = new ImageFactory('tag-history-spec');
const [one, two] = [images.image({ layerSizes: [10] }), images.image({ layerSizes: [20] })];
const [first, second] = [one.root.descriptor.digest, two.root.descriptor.digest];

const request = (query: { q?: string } = {}) => parseListQuery(listTagHistory.list as ListSpec, query);
const push = (artifact: typeof one, ...tags: string[]) =>
  pushArtifact(fixture, { projectId: project.id, name: 'team/app' }, artifact, tags);
const moves = async (tag: string | null, principal = admin) =>
  (await history.list(callerOf(principal), project, 'app', tag, request())).items;
const counts = async () => {
  const [row] = await fixture.database.query(
    `select r.tag_count::int, (select count(*)::int from tags t where t.repository_id = r.id) as tags
     from repositories r where project_id = $1 and name = 'team/app'`,
    [project.id],
  );
  return row;
};

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  project = projectRef(await fixture.project('team'), 'team');
  const [ada, bob] = [await seedUser(fixture.database, 'ada'), await seedUser(fixture.database, 'bob')];
  await seedMember(fixture.database, project.id, bob, 3);
  admin = userPrincipal(ada, 'ada', true);
  reader = userPrincipal(bob, 'bob');
  history = new TagHistoryService(
    catalog.artifacts,
    new TagHistoryStore(fixture.database),
    new ContentChanges(fixture.database),
    catalog.access,
  );
  await push(one, 'latest', 'v1');
  await push(two, 'latest');
});
afterAll(() => fixture.close());

describe('the history of a tag', () => {
  it('has every move with who and how, and nothing for pushes that move nothing', async () => {
    await push(two, 'latest');
    const [last, before, ...rest] = await moves('latest');
    expect(rest).toEqual([]);
    expect(last).toMatchObject({
      tag: 'latest',
      old_digest: first,
      new_digest: second,
      operation: 'push',
      by: 'user-1',
      exists: true,
    });
    expect(before).toMatchObject({ new_digest: first, exists: true });
    expect(before).not.toHaveProperty('old_digest');
    expect((await moves(null)).map((move) => move.tag)).toEqual(['latest', 'v1', 'latest']);
  });

  it('shows addresses to readers of the log only', async () => {
    expect((await moves('latest'))[0]?.from).toBe('192.0.2.7');
    expect((await moves('latest', reader))[0]).not.toHaveProperty('from');
  });

  it('goes on when the tag is taken off, which says who did it', async () => {
    await catalog.changes.addTag(callerOf(admin), project, 'app', first, 'gone');
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(`select set_config('moorage.tag_change', '{"by": "ada", "how": "retention"}', true)`);
      await transaction.query("delete from tags where project_id = $1 and name = 'gone'", [project.id]);
      await transaction.query('update repositories set tag_count = tag_count - 1 where project_id = $1', [project.id]);
    });
    expect(await moves('gone')).toMatchObject([
      { old_digest: first, operation: 'retention', by: 'ada', exists: false },
      { new_digest: first, operation: 'tag', by: 'ada' },
    ]);
  });
});

describe('reverting', () => {
  it('points the tag where it was, tells of it, and can be reverted itself', async () => {
    const revert = (digest: string) => history.revert(callerOf(admin), project, 'app', 'latest', digest);
    expect(await revert(first)).toEqual({ name: 'latest', digest: first, previous_digest: second });
    expect((await catalog.artifacts.find(project, 'app', 'latest')).digest).toBe(first);
    expect((await moves('latest'))[0]).toMatchObject({ operation: 'revert', by: 'ada', old_digest: second });
    expect(await revert(first)).toEqual({ name: 'latest', digest: first });
    expect(await revert(second)).toMatchObject({ previous_digest: first });
    const [event] = await fixture.database.query<{ payload: { data: object } }>(
      "select payload from outbox_events where name = 'tag.moved' order by id desc limit 1",
    );
    expect(event?.payload.data).toMatchObject({
      repository: 'team/app',
      tag: 'latest',
      digest: second,
      previousDigest: first,
    });
  });

  it('brings a tag back that was taken off, and counts it', async () => {
    await catalog.changes.removeTag(callerOf(admin), project, 'app', second, 'latest');
    expect(await history.revert(callerOf(admin), project, 'app', 'latest', second)).toEqual({
      name: 'latest',
      digest: second,
    });
    const { tag_count, tags } = (await counts()) as { tag_count: number; tags: number };
    expect(tag_count).toBe(tags);
  });

  it('is refused for a digest the tag never had, one that is gone, and an immutable tag', async () => {
    const revert = (tag: string, digest: string) =>
      outcomeOf(history.revert(callerOf(admin), project, 'app', tag, digest));
    expect(await revert('v1', second)).toBe('PRECONDITION');
    await push(images.image({ layerSizes: [30] }), 'v1');
    await fixture.database.query(
      `with rule as (insert into immutable_tag_rules (project_id) values ($1) returning id)
       insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
       select id, 1, 'tag', true, 'v1', '^v1$' from rule`,
      [project.id],
    );
    await expect(history.revert(callerOf(admin), project, 'app', 'v1', first)).rejects.toThrow('immutable');
    await fixture.database.query('delete from immutable_tag_rules');
    await catalog.changes.delete(callerOf(admin), project, 'app', first);
    await expect(history.revert(callerOf(admin), project, 'app', 'v1', first)).rejects.toThrow('is in the trash');
    const earlier = async () => (await moves('v1')).find((move) => move.new_digest === first);
    expect(await earlier()).toMatchObject({ exists: false, in_trash: true });
    await fixture.database.query('delete from trash_items');
    await expect(history.revert(callerOf(admin), project, 'app', 'v1', first)).rejects.toThrow('was deleted');
    expect(await earlier()).toMatchObject({ exists: false, in_trash: false });
  });
});

it('of a repository that is gone stays for a while, and a new one of the name has none of it', async () => {
  await catalog.repositories.delete(callerOf(admin), project, 'app');
  const count = async () =>
    (await fixture.database.query('select from tag_moves where project_id = $1', [project.id])).length;
  const kept = await count();
  expect(kept).toBeGreaterThan(5);
  await push(one, 'latest');
  expect(await moves(null)).toHaveLength(1);
  const limit = { moves: 1000, days: 1 };
  const trim = async (batch = 100) =>
    trimHistory(fixture.database, await tagsAfter(fixture.database, { repository_id: 0, tag: '' }, 100), limit, batch);
  expect(await trim()).toBe(0);
  await fixture.database.query("update tag_moves set moved_at = now() - interval '2 days'");
  // It would come back with the repository.
  expect(await trim(3)).toBe(0);
  await fixture.database.query('delete from trash_items');
  expect(await trim(3)).toBe(3);
  expect(await trim()).toBe(kept - 3);
  expect(await count()).toBe(1);
});

describe('the history of a tag that moves all the time', () => {
  const busy = { projectId: 0, name: 'busy/app' };
  const pulse = (moves: number) => pruneTagHistoryPulse(fixture.database, { moves, days: 400 });
  const sweep = (moves: number) => pulse(moves).run(new AbortController().signal);
  const kept = () =>
    fixture.database.query<{ tag: string; old: string | null; new: string | null }>(
      `select h.tag, digest_text(h.old_digest) as old, digest_text(h.new_digest) as new from tag_moves h
       where project_id = $1 order by id desc`,
      [busy.projectId],
    );

  it('keeps the newest, and the last way to and from what is there', async () => {
    busy.projectId = await fixture.project('busy');
    const place = projectRef(busy.projectId, 'busy');
    const third = images.image({ layerSizes: [40] });
    const go = (artifact: typeof one, tag: string) => pushArtifact(fixture, busy, artifact, [tag]);
    await go(third, 'dev');
    for (let turn = 0; turn < 10; turn += 1) for (const artifact of [one, two]) await go(artifact, 'dev');
    await go(one, 'stable');
    expect(await kept()).toHaveLength(22);
    await sweep(4);
    const [toThird, fromThird] = [third.root.descriptor.digest, first];
    expect(await kept()).toEqual([
      { tag: 'stable', old: null, new: first },
      { tag: 'dev', old: first, new: second },
      { tag: 'dev', old: second, new: first },
      { tag: 'dev', old: first, new: second },
      { tag: 'dev', old: second, new: first },
      { tag: 'dev', old: toThird, new: fromThird },
      { tag: 'dev', old: null, new: toThird },
    ]);
    expect(await history.revert(callerOf(admin), place, 'app', 'dev', toThird)).toMatchObject({ digest: toThird });
    await history.revert(callerOf(admin), place, 'app', 'dev', second);
    await catalog.changes.delete(callerOf(admin), place, 'app', toThird);
    for (const artifact of [one, two]) await go(artifact, 'dev');
    await sweep(1);
    expect((await kept()).filter((move) => move.new === toThird)).toHaveLength(1);
    await fixture.database.query('delete from trash_items where project_id = $1', [busy.projectId]);
    await sweep(1);
    expect((await kept()).filter((move) => move.new === toThird)).toEqual([]);
  });
});

describe('reverting is decided like a push', () => {
  it('is refused while the artifact the tag is on is held', async () => {
    const heldId = await fixture.project('kept');
    const [place, scope] = [projectRef(heldId, 'kept'), { projectId: heldId, name: 'kept/app' }];
    await pushArtifact(fixture, scope, one, ['latest']);
    await pushArtifact(fixture, scope, two, ['latest']);
    const [hold] = await fixture.database.query<{ id: number }>(
      `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by)
       select $1, id, 'legal-hold', 'a case', 'ada' from manifests
       where project_id = $1 and digest_text(digest) = $2 returning id`,
      [heldId, second],
    );
    const revert = () => history.revert(callerOf(admin), place, 'app', 'latest', first);
    await expect(revert()).rejects.toThrow('under legal hold');
    await fixture.database.query('delete from artifact_holds where id = $1', [hold?.id]);
    expect(await revert()).toMatchObject({ digest: first, previous_digest: second });
  });
});
