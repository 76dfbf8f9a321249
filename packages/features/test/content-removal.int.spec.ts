import { listArtifacts, type ListSpec } from '@moorage/contracts';
import { ArtifactFactory, ImageFactory, seedUser } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foldLedger } from '../src/usage/index.ts';
import { type Caller, parseListQuery, type ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture, usageOf } from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { callerOf, outcomeOf, projectRef, testCatalog, userPrincipal } from './catalog-core.ts';

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let project: ProjectRef;
let caller: Caller;
let round = 0;
const images = new ImageFactory('removal-spec');
const factory = new ArtifactFactory(images);
const PLAIN = {
  with_tag: true,
  with_label: false,
  with_immutable_status: false,
  with_accessory: false,
  with_inherited_accessory: false,
};

const push = (artifact: Parameters<typeof pushArtifact>[2], ...tags: string[]) =>
  pushArtifact(
    fixture,
    { projectId: project.id, name: `${project.name}/app` },
    artifact,
    tags.length ? tags : undefined,
  );
const remove = (reference: string) => catalog.changes.delete(caller, project, 'app', reference);
const left = async () => {
  const all = parseListQuery(listArtifacts.list as ListSpec, { q: 'base=*' });
  return (await catalog.artifacts.list(project, 'app', PLAIN, all)).items.map((item) => item.digest).sort();
};
const digestsOf = (...artifacts: { root: { descriptor: { digest: string } } }[]) =>
  artifacts.map((artifact) => artifact.root.descriptor.digest).sort();
const events = async (name: string) =>
  fixture.database.query<{ data: Record<string, unknown>; audit: Record<string, unknown> }>(
    `select payload -> 'data' as data, payload -> 'audit' as audit from outbox_events
     where name = $1 and project_id = $2 order by id`,
    [name, project.id],
  );
/** Counters and account as they should be, recounted from the rows. */
async function consistency() {
  const [row] = await fixture.database.query<{ artifacts: boolean; tags: boolean }>(
    `select r.artifact_count = (select count(*) from manifests m where m.repository_id = r.id) as artifacts,
       r.tag_count = (select count(*) from tags t where t.repository_id = r.id) as tags
     from repositories r where r.project_id = $1`,
    [project.id],
  );
  const [account] = await fixture.database.query<{ bytes: number }>(
    `select coalesce(sum(size), 0)::bigint as bytes from (
       select digest, size from repository_blobs where project_id = $1
       union select digest, payload_size from manifests where project_id = $1
       union select digest, size from trash_blobs where project_id = $1
       union select digest, payload_size from trash_manifests where project_id = $1) held`,
    [project.id],
  );
  return { ...row, account: account?.bytes === (await usageOf(fixture.database, project.id)) };
}
const CONSISTENT = { artifacts: true, tags: true, account: true };

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  caller = callerOf(userPrincipal(await seedUser(fixture.database, 'ada'), 'ada'));
});
afterAll(() => fixture.close());
beforeEach(async () => {
  const name = `p${round++}`;
  project = projectRef(await fixture.project(name), name);
});

describe('deleting an artifact', () => {
  it('by tag takes all its tags, keeps others, and tells of it', async () => {
    const [one, two] = [images.image(), images.image()];
    await push(one, 'a', 'b');
    await push(two, 'c');
    await remove('a');
    expect(await left()).toEqual(digestsOf(two));
    expect(await events('artifact.deleted')).toMatchObject([
      {
        data: { repository: `${project.name}/app`, digest: one.root.descriptor.digest, tags: ['a', 'b'] },
        audit: { username: 'ada', operation: 'delete', resourceType: 'artifact', status: 200 },
      },
    ]);
    expect(await outcomeOf(remove('a'))).toBe('NOT_FOUND');
    expect(await consistency()).toEqual(CONSISTENT);
  });

  it('takes accessories, and the accessories of those, along', async () => {
    const image = images.image();
    const sbom = factory.sbom(image.root.descriptor);
    const signature = factory.cosignSignature(sbom.root.descriptor, `${project.name}/app`);
    for (const artifact of [image, sbom, signature]) await push(artifact);
    await remove(image.root.descriptor.digest);
    expect(await left()).toEqual([]);
    expect(await events('artifact.deleted')).toHaveLength(3);
    expect(await consistency()).toEqual(CONSISTENT);
  });

  it('takes the untagged parts of an index along that nothing else needs', async () => {
    const [shared, own, tagged] = [images.image(), images.image(), images.image()];
    const index = images.index([shared, own, tagged]);
    const neighbour = images.index([shared]);
    await push(index, 'index');
    await push(neighbour, 'neighbour');
    await push(tagged, 'keep');
    await remove('index');
    expect(await left()).toEqual(digestsOf(shared, tagged, neighbour));
    await remove('neighbour');
    expect(await left()).toEqual(digestsOf(tagged));
    expect(await consistency()).toEqual(CONSISTENT);
  });

  it('takes nested indexes with a part they share', async () => {
    const image = images.image();
    const inner = images.index([image]);
    await push(images.index([inner, image]), 'nested');
    await remove('nested');
    expect(await left()).toEqual([]);
    expect(await consistency()).toEqual(CONSISTENT);
  });

  it('keeps an accessory that is part of an index that stays', async () => {
    const image = images.image();
    const sbom = factory.sbom(image.root.descriptor);
    await push(image, 'image');
    const holder = images.index([sbom]);
    await push(holder, 'holder');
    await remove('image');
    expect(await left()).toEqual(digestsOf(sbom, holder));
  });

  it('refuses the part of an index, whoever asks', async () => {
    const image = images.image();
    await push(images.index([image]), 'index');
    expect(await outcomeOf(remove(image.root.descriptor.digest))).toBe('VIOLATE_FOREIGN_KEY_CONSTRAINT');
    expect(await left()).toHaveLength(2);
  });

  it('stays right when the same and related artifacts are deleted and pushed at once', async () => {
    const parts = Array.from({ length: 4 }, () => images.image());
    const indexes = parts.map((part, i) => images.index([part, parts[(i + 1) % 4] as typeof part]));
    for (const [i, index] of indexes.entries()) await push(index, `t${i}`);
    const outcomes = await Promise.all([
      ...indexes.flatMap((_, i) => [outcomeOf(remove(`t${i}`)), outcomeOf(remove(`t${i}`))]),
      push(images.image(), 'fresh').then(() => 'pushed'),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThanOrEqual(4);
    expect(await left()).toHaveLength(1);
    await foldLedger(fixture.database);
    expect(await consistency()).toEqual(CONSISTENT);
  });
});

describe('tags over the API', () => {
  it('are put on an artifact once', async () => {
    const [one, two] = [images.image(), images.image()];
    await push(one, 'a');
    await push(two, 'b');
    const add = (reference: string, name: string) => catalog.changes.addTag(caller, project, 'app', reference, name);
    await add('a', 'stable');
    expect(await outcomeOf(add('a', 'stable'))).toBe('CONFLICT');
    expect(await outcomeOf(add('b', 'a'))).toBe('CONFLICT');
    expect(await outcomeOf(add('none', 'x'))).toBe('NOT_FOUND');
    const shown = await catalog.artifacts.get(project, 'app', 'stable', PLAIN);
    expect(shown.tags?.find((tag) => tag.name === 'stable')).toMatchObject({ pushed_by: 'ada', artifact_id: shown.id });
    expect(await events('tag.created')).toMatchObject([
      { data: { tag: 'stable', artifactId: shown.id, digest: shown.digest }, audit: { operation: 'create' } },
    ]);
    expect(await consistency()).toEqual(CONSISTENT);
  });

  it('are taken off the artifact they are on, which stays', async () => {
    const [one, two] = [images.image(), images.image()];
    await push(one, 'a');
    await push(two, 'b');
    const take = (reference: string, name: string) =>
      catalog.changes.removeTag(caller, project, 'app', reference, name);
    expect(await outcomeOf(take('a', 'b'))).toBe('NOT_FOUND');
    await take(one.root.descriptor.digest, 'a');
    expect(await outcomeOf(take(one.root.descriptor.digest, 'a'))).toBe('NOT_FOUND');
    expect(await left()).toEqual(digestsOf(one, two));
    expect(await consistency()).toEqual(CONSISTENT);
  });
});

describe('deleting a repository', () => {
  it('takes everything in it, gives its bytes back, and lets the project go', async () => {
    await push(images.index(), 'multi');
    await push(images.image(), 'single');
    await fixture.database.query(`update projects set metadata = '{"trash_days": "0"}' where id = $1`, [project.id]);
    expect(await usageOf(fixture.database, project.id)).toBeGreaterThan(0);
    await catalog.repositories.delete(caller, project, 'app');
    expect(await outcomeOf(catalog.repositories.delete(caller, project, 'app'))).toBe('NOT_FOUND');
    expect(await usageOf(fixture.database, project.id)).toBe(0);
    expect(await events('repository.deleted')).toMatchObject([
      { data: { repository: `${project.name}/app`, artifactCount: 4, tagCount: 2 }, audit: { operation: 'delete' } },
    ]);
    expect(await catalog.projects.deletable(project)).toEqual({ deletable: true });
  });
});
