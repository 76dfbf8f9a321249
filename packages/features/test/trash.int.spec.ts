import { ArtifactFactory, ImageFactory, seedUser } from '@moorage/testing';
import { listTrash, type ListSpec } from '@moorage/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExecutionService } from '../src/execution/index.ts';
import { type Caller, parseListQuery, type ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture, usageOf } from '../src/registry/testing/registry-fixture.ts';
import { ProjectTrashService } from '../src/trash/project-trash.service.ts';
import { RemovalService } from '../src/removal/removal.service.ts';
import { emptyTrashPulse, purgeTrashProcessor } from '../src/trash/index.ts';
import { TrashService } from '../src/trash/trash.service.ts';
import { measureUsage } from '../src/usage/index.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let trash: TrashService;
let removals: RemovalService;
let projects: ProjectTrashService;
let project: ProjectRef;
let caller: Caller;
let round = 0;
const images = new ImageFactory('trash-spec');
const factory = new ArtifactFactory(images);
const PLAIN = { merge: false, tags: [], skip_taken_tags: false };
const newest = parseListQuery(listTrash.list as ListSpec, {});

const push = (artifact: Parameters<typeof pushArtifact>[2], tags: string[] = [], repository = 'app') =>
  pushArtifact(fixture, { projectId: project.id, name: `${project.name}/${repository}` }, artifact, tags);
const remove = (reference: string, repository = 'app') =>
  catalog.changes.delete(caller, project, repository, reference);
const items = async () => (await trash.list(project, newest)).items;
const itemId = async () => (await items())[0]?.id ?? 0;
const restore = (id: number, body: Partial<Parameters<TrashService['restore']>[3]> = {}) =>
  trash.restore(caller, project, id, { ...PLAIN, ...body });
const conflictsOf = async (id: number, body: Partial<Parameters<TrashService['preview']>[3]> = {}) =>
  (await trash.preview(caller, project, id, { ...PLAIN, ...body })).conflicts.map(
    ({ code, name }) => `${code} ${name}`,
  );

/** Everything the project holds, as it is stored; how a tag came back is all that may differ. */
async function stored(): Promise<unknown> {
  const [row] = await fixture.database.query<{ content: unknown }>(
    `select jsonb_build_object(
       'manifests', (select jsonb_agg(to_jsonb(m) - 'touched_at' order by m.digest) from manifests m where project_id = $1),
       'tags', (select jsonb_agg(to_jsonb(t) - 'pushed_how' order by t.repository_id, t.name) from tags t where project_id = $1),
       'blobs', (select jsonb_agg(to_jsonb(b) order by b.manifest_id, b.position) from manifest_blobs b
         join manifests m on m.id = b.manifest_id where m.project_id = $1),
       'children', (select jsonb_agg(to_jsonb(c) order by c.manifest_id, c.position) from manifest_children c
         join manifests m on m.id = c.manifest_id where m.project_id = $1),
       'labels', (select jsonb_agg(to_jsonb(l) order by l.manifest_id, l.label_id) from artifact_labels l where project_id = $1),
       'links', (select jsonb_agg(to_jsonb(l) - 'created_at' order by l.repository_id, l.digest) from repository_blobs l where project_id = $1),
       'account', (select jsonb_agg(to_jsonb(b) order by b.digest) from project_blobs b where project_id = $1),
       'repositories', (select jsonb_agg(to_jsonb(r) - 'updated_at' - 'listed_count' order by r.name) from repositories r where project_id = $1)
     ) as content`,
    [project.id],
  );
  return row?.content;
}

/** Counters and account are what a recount gives. */
async function expectConsistent(): Promise<void> {
  const { stored: kept, counted } = await measureUsage(fixture.database, project.id);
  expect(kept).toBe(counted);
  const wrong = await fixture.database.query(
    `select name from repositories r where project_id = $1
       and (artifact_count <> (select count(*) from manifests where repository_id = r.id)
         or tag_count <> (select count(*) from tags where repository_id = r.id)
         or listed_count + (select coalesce(sum(listed), 0) from listed_changes where repository_id = r.id)
           <> (select count(*) from manifests where repository_id = r.id and is_listed))
     union all select digest_text(digest) from project_blobs b where project_id = $1 and (links, trashed) is distinct from (
       (select count(*) from repository_blobs where project_id = $1 and digest = b.digest)
         + (select count(*) from manifests where project_id = $1 and digest = b.digest)
         + (select count(*) from trash_blobs where project_id = $1 and digest = b.digest)
         + (select count(*) from trash_manifests where project_id = $1 and digest = b.digest),
       (select count(*) from trash_blobs where project_id = $1 and digest = b.digest)
         + (select count(*) from trash_manifests where project_id = $1 and digest = b.digest))`,
    [project.id],
  );
  expect(wrong).toEqual([]);
}

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  trash = new TrashService(fixture.database, new ExecutionService(fixture.database));
  removals = new RemovalService(fixture.database, catalog.access);
  projects = new ProjectTrashService(fixture.database, catalog.access);
  caller = callerOf(userPrincipal(await seedUser(fixture.database, 'ada'), 'ada', true));
});
afterAll(() => fixture.close());
beforeEach(async () => {
  const name = `p${round++}`;
  project = projectRef(await fixture.project(name), name);
});

describe('restoring', () => {
  it('brings an index back with parts, signatures, tags, times, labels and ids as they were', async () => {
    const index = images.index([images.image(), images.image()]);
    await push(index, ['v1', 'latest']);
    await push(factory.sbom(index.root.descriptor));
    await push(images.image(), ['other']);
    await fixture.database.query(
      `with label as (insert into labels (project_id, name) values ($1, 'good') returning id)
       insert into artifact_labels (manifest_id, label_id, project_id)
       select m.id, label.id, $1 from label, tags t join manifests m on m.id = t.manifest_id where t.project_id = $1 and t.name = 'v1'`,
      [project.id],
    );
    const before = await stored();
    const usage = await usageOf(fixture.database, project.id);
    await remove('v1');
    expect(await usageOf(fixture.database, project.id)).toBe(usage);
    expect(await items()).toMatchObject([
      { kind: 'artifact', tags: ['latest', 'v1'], artifact_count: 4, deleted_by: 'ada', state: 'kept' },
    ]);
    await expectConsistent();
    expect(await restore(await itemId())).toMatchObject({ tags: 2, artifacts: 4, left_out: [] });
    expect(await stored()).toEqual(before);
    expect(await items()).toEqual([]);
  });

  it('brings a tag back to its artifact, and says when that is gone', async () => {
    await push(images.image(), ['a', 'b']);
    const before = await stored();
    await catalog.changes.removeTag(caller, project, 'app', 'b', 'a');
    const tagItem = await itemId();
    await remove('b');
    const artifactItem = await itemId();
    expect(await conflictsOf(tagItem)).toEqual([expect.stringMatching(/^artifact-missing sha256:/)]);
    expect(await outcomeOf(restore(tagItem))).toBe('CONFLICT');
    await restore(artifactItem);
    await restore(tagItem);
    expect(await stored()).toEqual(before);
    const history = await fixture.database.query(
      `select tag, operation, moved_by from tag_moves where project_id = $1 and operation = 'restore' order by id`,
      [project.id],
    );
    expect(history).toEqual([
      { tag: 'b', operation: 'restore', moved_by: 'ada' },
      { tag: 'a', operation: 'restore', moved_by: 'ada' },
    ]);
  });

  it('names each tag that is taken, and restores it under another name or leaves it out', async () => {
    const first = images.image();
    await push(first, ['a', 'b']);
    await remove('a');
    await push(images.image(), ['a', 'b', 'c']);
    const id = await itemId();
    expect(await conflictsOf(id)).toEqual(['tag-taken a', 'tag-taken b']);
    expect(await outcomeOf(restore(id))).toBe('CONFLICT');
    expect(await conflictsOf(id, { tags: [{ name: 'a', as: 'c' }] })).toEqual(['tag-taken c', 'tag-taken b']);
    const restored = await restore(id, { tags: [{ name: 'a', as: 'a-before' }], skip_taken_tags: true });
    expect(restored).toMatchObject({ tags: 1, artifacts: 1, left_out: ['b'] });
    const shown = await catalog.artifacts.get(project, 'app', 'a-before', {
      with_tag: true,
      with_label: false,
      with_immutable_status: false,
      with_accessory: false,
      with_inherited_accessory: false,
    });
    expect(shown.digest).toBe(first.root.descriptor.digest);
    await expectConsistent();
  });

  it('merges with the same artifact that was pushed again meanwhile', async () => {
    const image = images.image();
    await push(image, ['a', 'b']);
    const usage = await usageOf(fixture.database, project.id);
    for (let times = 0; times < 3; times++) {
      await remove('a');
      await push(image, ['a']);
    }
    expect(await usageOf(fixture.database, project.id)).toBe(usage);
    const [last, , first] = await items();
    expect(await restore(first?.id ?? 0)).toMatchObject({ tags: 1, artifacts: 0 });
    await trash.purge(caller, project, last?.id ?? 0);
    await expectConsistent();
    await trash.purgeAll(caller, project);
    await expectConsistent();
    expect(await usageOf(fixture.database, project.id)).toBe(usage);
  });

  it('brings an index back whole although a tagged part was purged meanwhile', async () => {
    const part = images.image();
    const index = images.index([part, images.image()]);
    await push(part, ['part']);
    await push(index, ['index']);
    await remove('index');
    const id = await itemId();
    await remove('part');
    await trash.purge(caller, project, await itemId());
    await restore(id);
    const parts = await fixture.database.query(
      `select exists (select from manifests p where p.repository_id = c.repository_id and p.digest = c.child_digest) as there
       from manifest_children c join manifests m on m.id = c.manifest_id where m.project_id = $1`,
      [project.id],
    );
    expect(parts).toEqual([{ there: true }, { there: true }]);
    await expectConsistent();
  });

  it('brings a repository back under its id, beside or into one of the same name', async () => {
    await push(images.index(), ['multi']);
    await push(images.image(), ['single']);
    await fixture.database.query(
      `update repositories set description = 'about', pull_count = 7 where project_id = $1`,
      [project.id],
    );
    const before = await stored();
    await catalog.repositories.delete(caller, project, 'app');
    await expectConsistent();
    await restore(await itemId());
    expect(await stored()).toEqual(before);

    await catalog.repositories.delete(caller, project, 'app');
    await push(images.image(), ['multi']);
    const id = await itemId();
    expect(await conflictsOf(id)).toEqual([`repository-taken ${project.name}/app`, 'tag-taken multi']);
    await restore(id, { repository: 'again' });
    await catalog.repositories.delete(caller, project, 'again');
    const again = await itemId();
    expect(await restore(again, { repository: 'app', merge: true, skip_taken_tags: true })).toMatchObject({
      tags: 1,
      artifacts: 4,
      left_out: ['multi'],
    });
    await expectConsistent();
  });

  it('races with purging and with itself: one of them has it', async () => {
    await push(images.index(), ['a']);
    for (let turn = 0; turn < 5; turn++) {
      await remove('a');
      const id = await itemId();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => outcomeOf(i % 2 ? restore(id) : trash.purge(caller, project, id))),
      );
      expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThanOrEqual(1);
      await trash.purgeAll(caller, project);
      await expectConsistent();
      await push(images.index(), ['a']);
    }
  });
});

describe('purging', () => {
  it('gives the bytes back, tells of it, and what was trash only is free for garbage collection', async () => {
    await push(images.image(), ['a']);
    const usage = await usageOf(fixture.database, project.id);
    await catalog.repositories.delete(caller, project, 'app');
    expect(await trash.summary(project)).toMatchObject({ items: 1, bytes: usage, exclusive_bytes: usage, days: 7 });
    await trash.purge(caller, project, await itemId());
    expect(await usageOf(fixture.database, project.id)).toBe(0);
    const left = await fixture.database.query('select from trash_blobs where project_id = $1', [project.id]);
    expect(left).toEqual([]);
    const told = await fixture.database.query(
      `select payload -> 'audit' ->> 'operation' as operation from outbox_events where project_id = $1 and name = 'trash.purged'`,
      [project.id],
    );
    expect(told).toEqual([{ operation: 'purge' }]);
  });

  it('happens by itself when the time is over, and not before', async () => {
    await push(images.image(), ['a']);
    await push(images.image(), ['b']);
    await remove('a');
    await remove('b');
    await fixture.database.query(`update trash_items set expires_at = now() where id = $1`, [await itemId()]);
    await emptyTrashPulse(fixture.database, () => Promise.resolve(true)).run(new AbortController().signal);
    expect(await items(), 'in read-only mode').toHaveLength(2);
    await emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
    expect((await items()).map((item) => item.tags)).toEqual([['a']]);
    await expectConsistent();
  });

  it('of much is a run that tells how far it is, and goes on where it was stopped', async () => {
    await push(images.image(), ['a', 'b']);
    await catalog.changes.removeTag(caller, project, 'app', 'b', 'a');
    await remove('b');
    await fixture.database.query(
      `insert into trash_items (project_id, kind, repository, title, deleted_by, expires_at)
       select $1, 'tag', 'x', 'x:' || n, 'ada', now() + interval '1 day' from generate_series(1, 248) n`,
      [project.id],
    );
    const { execution_id: executionId = 0, ...answer } = await trash.purgeAll(caller, project);
    expect(answer).toEqual({ purged: 0, remaining: 250 });
    expect(await items()).toEqual([]);
    const runs = new ExecutionService(fixture.database);
    const scope = { vendorType: 'TRASH_PURGE', vendorId: project.id };
    expect(await runs.get(scope, executionId)).toMatchObject({ createdBy: 'ada', projectId: project.id });
    const facts: Record<string, unknown>[] = [];
    const stop = new AbortController();
    const run = (after: number) =>
      purgeTrashProcessor(fixture.database).run({
        taskId: 1,
        executionId,
        payload: { projectId: project.id },
        signal: stop.signal,
        report: (said) => {
          facts.push(said);
          if (facts.length === after) stop.abort();
          return Promise.resolve();
        },
        summarise: (said) => Promise.resolve(void facts.push(said)),
        log: () => undefined,
        count: () => Promise.resolve(),
        logged: () => Promise.resolve(),
        spawn: () => Promise.resolve(),
        hold: () => Promise.resolve(),
      });
    await run(1);
    expect(facts).toEqual([{ total: 250, purged: 100, remaining: 150 }]);
    await emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
    expect(await fixture.database.query('select from trash_items where project_id = $1', [project.id])).toEqual([]);
    await expectConsistent();
  });

  it('is not needed where a project keeps no trash', async () => {
    await fixture.database.query(`update projects set metadata = '{"trash_days": "0"}' where id = $1`, [project.id]);
    await push(images.image(), ['a', 'b']);
    await catalog.changes.removeTag(caller, project, 'app', 'b', 'a');
    await remove('b');
    expect(await items()).toEqual([]);
    await expectConsistent();
  });
});

describe('a project', () => {
  const deleted = async () => (await projects.list(caller.principal, newest)).items;
  const rows = () =>
    fixture.database.query(
      `select (select count(*) from project_members where project_id = $1) as members,
         (select count(*) from manifests where project_id = $1) as manifests,
         (select count(*) from repositories where project_id = $1) as repositories,
         (select count(*) from trash_items where project_id = $1 and kind <> 'project') as items,
         (select count(*) from projects where id = $1) as projects`,
      [project.id],
    );

  it('that is full goes with force only, and comes back with members, trash and content, under another name too', async () => {
    await fixture.database.query(
      `insert into project_members (project_id, entity_type, entity_id, role_id) values ($1, 'u', 1, 1)`,
      [project.id],
    );
    await push(images.index(), ['multi']);
    await push(images.image(), ['gone']);
    await remove('gone');
    const before = await stored();
    expect(await outcomeOf(catalog.projects.delete(caller, project, false))).toBe('PRECONDITION');
    await catalog.projects.delete(caller, project, true);
    expect(await outcomeOf(catalog.projects.delete(caller, project, true))).toBe('NOT_FOUND');
    const [item] = await deleted();
    expect(item).toMatchObject({ kind: 'project', title: project.name, tag_count: 1, deleted_by: 'ada' });
    await projects.restore(caller, item?.id ?? 0, undefined);
    expect(await stored()).toEqual(before);

    await catalog.projects.delete(caller, project, true);
    await fixture.project(project.name);
    const id = (await deleted())[0]?.id ?? 0;
    expect(await outcomeOf(projects.restore(caller, id, undefined))).toBe('CONFLICT');
    const name = `${project.name}-again`;
    await projects.restore(caller, id, name);
    const renamed = projectRef(project.id, name);
    expect((await trash.list(renamed, newest)).items).toMatchObject([
      { repository: `${name}/app`, title: `${name}/app:gone` },
    ]);
    await trash.restore(caller, renamed, (await trash.list(renamed, newest)).items[0]?.id ?? 0, PLAIN);
    expect(await catalog.repositories.get(renamed, 'app')).toMatchObject({ artifact_count: 4, tag_count: 2 });
  });

  it('comes back by the one who deleted it or an administrator, and by nobody else', async () => {
    const bob = callerOf(userPrincipal(await seedUser(fixture.database, `bob${round}`), `bob${round}`));
    const eve = callerOf(userPrincipal(await seedUser(fixture.database, `eve${round}`), `eve${round}`));
    await catalog.projects.delete(bob, project, false);
    const [item] = (await projects.list(bob.principal, newest)).items;
    expect((await projects.list(eve.principal, newest)).items).toEqual([]);
    expect(await outcomeOf(projects.restore(eve, item?.id ?? 0, undefined))).toBe('NOT_FOUND');
    expect(await outcomeOf(projects.restore(bob, item?.id ?? 0, undefined))).toBe('ok');
  });

  it('that holds an artifact under legal hold or an immutable tag stays', async () => {
    await push(images.image(), ['v1']);
    await fixture.database.query(
      `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by)
       select project_id, id, 'legal-hold', 'court', 'ada' from manifests where project_id = $1`,
      [project.id],
    );
    await expect(catalog.projects.delete(caller, project, true)).rejects.toThrow(/under legal hold/);
    await fixture.database.query('delete from artifact_holds where project_id = $1', [project.id]);
    await catalog.projects.delete(caller, project, true);
  });

  it('is taken away for good by the worker, its trash included', async () => {
    await push(images.index(), ['multi']);
    await push(images.image(), ['gone']);
    await remove('gone');
    await catalog.projects.delete(caller, project, true);
    await projects.purge(caller, (await deleted())[0]?.id ?? 0);
    await emptyTrashPulse(fixture.database, () => Promise.resolve(false)).run(new AbortController().signal);
    expect(await rows()).toEqual([{ members: 0, manifests: 0, repositories: 0, items: 0, projects: 0 }]);
  });
});

describe('deleting many', () => {
  const selection = { mode: 'delete', tags: [] as string[], digests: [] as string[] } as const;

  it('does what the preview says: what goes along, what stays and why, and the bytes', async () => {
    const [shared, own, tagged] = [images.image(), images.image(), images.image()];
    await push(images.index([shared, own, tagged]), ['one']);
    await push(images.index([shared]), ['two']);
    await push(tagged, ['part']);
    const lone = images.image();
    await push(lone, ['lone']);
    await push(factory.sbom(lone.root.descriptor));
    const asked = { ...selection, tags: ['one', 'lone', 'none'], digests: [shared.root.descriptor.digest] };
    const preview = await removals.preview(project, 'app', asked);
    expect(preview).toMatchObject({ tags: 2, artifacts: 4, trash_days: 7, goes_total: 6 });
    expect(preview.stays.map((stay) => `${stay.reason} ${stay.digest}`).sort()).toEqual(
      [`part-of-index ${shared.root.descriptor.digest}`, `tagged ${tagged.root.descriptor.digest}`].sort(),
    );
    const result = await removals.remove(caller, project, 'app', asked);
    expect(result).toMatchObject({ removed_artifacts: 4, kept_total: 2 });
    expect(result.kept.map((stay) => stay.text).sort()).toEqual(preview.stays.map((stay) => stay.text).sort());
    const usage = await usageOf(fixture.database, project.id);
    await trash.purgeAll(caller, project);
    await fixture.database.query(
      `with gone as (delete from repository_blobs rb where project_id = $1
         and not exists (select from manifest_blobs mb where mb.repository_id = rb.repository_id and mb.digest = rb.digest)
         returning digest)
       update project_blobs set links = links - 1 where project_id = $1 and digest in (select digest from gone)`,
      [project.id],
    );
    const [freed] = await fixture.database.query<{ kept: number }>(
      'select sum(size)::bigint as kept from project_blobs where project_id = $1 and links > 0',
      [project.id],
    );
    expect(usage - (freed?.kept ?? 0)).toBe(preview.bytes_freed);
  });

  it('takes everything a filter shows, tags alone or with their artifacts', async () => {
    for (let i = 0; i < 7; i++) await push(images.image(), [`dev-${i}`]);
    await push(images.image(), ['release']);
    const matching = { kind: 'tags', q: 'name=~dev-' } as const;
    expect(await removals.preview(project, 'app', { ...selection, mode: 'untag', matching })).toMatchObject({
      tags: 7,
    });
    expect(
      await removals.remove(caller, project, 'app', {
        ...selection,
        mode: 'untag',
        matching: { kind: 'tags', q: 'name=dev-0' },
      }),
    ).toMatchObject({ removed_tags: 1, removed_artifacts: 0 });
    expect(await removals.remove(caller, project, 'app', { ...selection, matching })).toMatchObject({
      removed_artifacts: 6,
    });
    expect(
      await removals.preview(project, 'app', { ...selection, matching: { kind: 'artifacts', q: 'tags=nil' } }),
    ).toMatchObject({ tags: 0, artifacts: 1 });
    expect((await items()).length).toBe(7);
    await expectConsistent();
  });
});
