import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryScope } from '@moorage/distribution';
import { settleLeftCounters } from './repository-counters.store.ts';
import {
  change,
  createRegistryFixture,
  descriptor,
  digestFor,
  image,
  index,
  link,
  type RegistryFixture,
  scope,
  tag,
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
  repository = scope(projectId, `p${run}/app`);
});

async function counters() {
  const [row] = await fixture.database.query<{ artifact_count: number; tag_count: number }>(
    'select artifact_count, tag_count from repositories where project_id = $1 and name = $2',
    [projectId, repository.name],
  );
  return row;
}

async function events() {
  return fixture.database.query<{ name: string; payload: { data: Record<string, unknown>; audit: object } }>(
    'select name, payload from outbox_events where project_id = $1 order by id',
    [projectId],
  );
}

const usage = () => usageOf(fixture.database, projectId);

describe('putting a manifest', () => {
  test.each([
    ['without a limit', -1],
    ['near a limit of 16 MiB', 16 * 1024 * 1024],
    ['far from a limit', 2 ** 40],
  ])('takes one of 4 MiB in a project %s', async (_name, hardBytes) => {
    const limited = await fixture.project(`large${run}`, hardBytes);
    const at = scope(limited, `large${run}/app`);
    const large = image([], { content: { annotations: { long: 'x'.repeat(4_000_000) } }, tags: [tag('v1')] });
    expect(large.payload.length).toBeGreaterThan(4_000_000);
    expect(await fixture.store.putManifest(change(at), large)).toEqual({ status: 'stored' });
    expect(await usageOf(fixture.database, limited)).toBe(large.payload.length);
  });

  const config = descriptor('config', 500, 'application/vnd.oci.image.config.v1+json');
  const layers = [descriptor('layer 1', 1000), descriptor('layer 2', 2000)];

  test('makes it readable by digest and tag, counts it and tells of it once', async () => {
    await link(fixture.store, change(repository), [config, ...layers]);
    const manifest = image(layers, { content: { config }, tags: [tag('v1'), tag('latest')] });
    expect(await fixture.store.putManifest(change(repository), manifest)).toEqual({ status: 'stored' });
    expect(await fixture.store.putManifest(change(repository), manifest)).toEqual({ status: 'stored' });

    const found = { digest: manifest.digest, mediaType: manifest.mediaType, size: manifest.payload.length };
    expect(await fixture.store.findManifest(repository, { tag: tag('latest') })).toEqual(found);
    expect(await fixture.store.findManifest(repository, { digest: manifest.digest })).toEqual(found);
    expect(await fixture.store.readManifest(repository, manifest.digest)).toEqual({
      ...found,
      payload: manifest.payload,
    });
    expect(await counters()).toEqual({ artifact_count: 1, tag_count: 2 });
    expect(await usage()).toBe(3500 + manifest.payload.length);
    const [event, ...more] = await events();
    expect(more).toMatchObject([
      {
        name: 'artifact.push-repeated',
        payload: { data: { created: false, tags: [] }, audit: { operation: 'create' } },
      },
    ]);
    expect(event).toMatchObject({
      name: 'artifact.pushed',
      payload: {
        data: {
          repository: repository.name,
          digest: manifest.digest,
          type: 'IMAGE',
          size: 3500 + manifest.payload.length,
          created: true,
          tags: [
            { name: 'latest', previousDigest: null },
            { name: 'v1', previousDigest: null },
          ],
        },
        audit: { username: 'user-1', operation: 'create', resource: `${repository.name}:v1`, status: 201 },
      },
    });
  });

  test('moves a tag and says from where', async () => {
    await link(fixture.store, change(repository), layers);
    const first = image(layers, { tags: [tag('v1')], salt: 'first' });
    const second = image(layers, { tags: [tag('v1')], salt: 'second' });
    await fixture.store.putManifest(change(repository), first);
    await fixture.store.putManifest(change(repository), second);
    expect(await fixture.store.findManifest(repository, { tag: tag('v1') })).toMatchObject({ digest: second.digest });
    expect(await counters()).toEqual({ artifact_count: 2, tag_count: 1 });
    const moved = (await events())[1]?.payload.data;
    expect(moved).toMatchObject({ created: true, tags: [{ name: 'v1', previousDigest: first.digest }] });
    await fixture.store.putManifest(change(repository), { ...first, tags: [tag('v2')] });
    expect((await events())[2]?.payload.data).toMatchObject({
      created: false,
      tags: [{ name: 'v2', previousDigest: null }],
    });
    expect(await counters()).toEqual({ artifact_count: 2, tag_count: 2 });
  });

  test('fifty writers of one tag follow each other in one line, and readers see each step (R10)', async () => {
    await link(fixture.store, change(repository), layers);
    const stores = [fixture.store, fixture.otherProcess(), fixture.otherProcess()];
    const manifests = Array.from({ length: 50 }, (_, writer) =>
      image(layers, { tags: [tag('v1')], salt: `writer ${writer}` }),
    );
    const seen = await Promise.all(
      manifests.map(async (manifest, writer) => {
        await (stores[writer % 3] ?? fixture.store).putManifest(change(repository), manifest);
        return (await fixture.store.findManifest(repository, { tag: tag('v1') }))?.digest;
      }),
    );
    // Each move names what it replaced, so the moves must chain up from the first to what the tag is now.
    const next = new Map<unknown, unknown>();
    for (const { payload } of await events()) {
      const [moved] = payload.data.tags as { previousDigest: string | null }[];
      next.set(moved?.previousDigest ?? null, payload.data.digest);
    }
    const line: unknown[] = [];
    for (let step = next.get(null); step !== undefined && line.length <= 50; step = next.get(step)) line.push(step);
    expect(line).toHaveLength(50);
    expect(await fixture.store.findManifest(repository, { tag: tag('v1') })).toMatchObject({ digest: line.at(-1) });
    // A writer who was told its push is stored sees it, or one that came after it.
    seen.forEach((digest, writer) => {
      expect(line.indexOf(digest)).toBeGreaterThanOrEqual(line.indexOf(manifests[writer]?.digest));
    });
    expect(await counters()).toEqual({ artifact_count: 50, tag_count: 1 });
  });

  test('names exactly what is missing, in order, and stores nothing', async () => {
    await link(fixture.store, change(repository), [layers[0] ?? config]);
    const foreign = descriptor('foreign', 10, 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip');
    const manifest = image([...layers, descriptor('layer 3')], {
      content: { config, foreignLayers: [foreign] },
      tags: [tag('v1')],
    });
    expect(await fixture.store.putManifest(change(repository), manifest)).toEqual({
      status: 'missing',
      digests: [config.digest, digestFor('layer 2'), digestFor('layer 3')],
    });
    expect(await fixture.store.findManifest(repository, { digest: manifest.digest })).toBeNull();
    expect(await events()).toEqual([]);
    expect(await counters()).toEqual({ artifact_count: 0, tag_count: 0 });

    const lax = { ...manifest, allowMissing: true };
    expect(await fixture.store.putManifest(change(repository), lax)).toEqual({ status: 'stored' });
  });

  test('takes blobs of another repository as missing', async () => {
    await link(fixture.store, change(scope(projectId, `${repository.name}-other`)), layers);
    expect(await fixture.store.putManifest(change(repository), image(layers))).toMatchObject({ status: 'missing' });
    expect(await fixture.store.findBlob(repository, digestFor('layer 1'))).toBeNull();
  });

  test('sums an index over its children and refuses nesting that is too deep', async () => {
    await link(fixture.store, change(repository), layers);
    let child = image(layers);
    await fixture.store.putManifest(change(repository), child);
    for (let depth = 1; depth <= 8; depth++) {
      child = index([child], { salt: String(depth) });
      expect(await fixture.store.putManifest(change(repository), child)).toEqual({ status: 'stored' });
    }
    const tooDeep = index([child]);
    expect(await fixture.store.putManifest(change(repository), tooDeep)).toEqual({ status: 'too-deep' });
    const [row] = await fixture.database.query<{ size: number }>(
      'select size from manifests where project_id = $1 and depth = 1',
      [projectId],
    );
    const leaf = image(layers);
    expect(row?.size).toBe(index([leaf], { salt: '1' }).payload.length + leaf.payload.length + 3000);
  });

  test('refuses a child that would make an index pushed before it too deep', async () => {
    const leaf = index([], { salt: 'leaf' });
    const chain = [leaf];
    for (let depth = 1; depth <= 8; depth++) chain.push(index([chain.at(-1) ?? leaf], { salt: String(depth) }));
    for (const parent of chain.slice(1).reverse()) {
      const lax = { ...parent, allowMissing: true };
      expect(await fixture.store.putManifest(change(repository), lax)).toEqual({ status: 'stored' });
    }
    expect(await fixture.store.putManifest(change(repository), leaf)).toEqual({ status: 'too-deep' });
  });

  test('accepts a blob as an entry of an index', async () => {
    await link(fixture.store, change(repository), layers);
    const cache = index([], { content: { children: layers } });
    expect(await fixture.store.putManifest(change(repository), cache)).toEqual({ status: 'stored' });
    expect(await fixture.store.unlinkBlob(change(repository), digestFor('layer 1'))).toBe('referenced');
  });

  test('holds to the condition of the request', async () => {
    await link(fixture.store, change(repository), layers);
    const first = image(layers, { tags: [tag('v1')], salt: 'first' });
    const second = image(layers, { tags: [tag('v1')], salt: 'second' });
    const put = (onlyIf: 'absent' | readonly (typeof first.digest)[], manifest = second) =>
      fixture.store.putManifest(change(repository), { ...manifest, onlyIf });
    expect(await put([first.digest])).toEqual({ status: 'changed' });
    expect(await put('absent', first)).toEqual({ status: 'stored' });
    expect(await put('absent')).toEqual({ status: 'changed' });
    expect(await put([second.digest])).toEqual({ status: 'changed' });
    expect(await put([second.digest, first.digest])).toEqual({ status: 'stored' });
    expect(await fixture.store.findManifest(repository, { tag: tag('v1') })).toMatchObject({ digest: second.digest });
  });

  test('lets one of many conditional writers win', async () => {
    await link(fixture.store, change(repository), layers);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        fixture.store.putManifest(
          change(repository),
          image(layers, { tags: [tag('v1')], salt: String(writer), onlyIf: 'absent' }),
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.status === 'changed')).toHaveLength(19);
  });

  test('keeps what the config tells', async () => {
    const bytes = Buffer.from(
      JSON.stringify({
        architecture: 'arm64',
        os: 'linux',
        created: '2026-01-02T03:04:05Z',
        rootfs: {},
        author: 'a\0b',
      }),
    );
    const real = { digest: digestFor(bytes.toString()), size: bytes.length, mediaType: config.mediaType };
    fixture.bytes.set(real.digest, bytes);
    await link(fixture.store, change(repository), [real]);
    const manifest = image([], { content: { config: real, annotations: { note: 'x\0y\ud800' } } });
    expect(await fixture.store.putManifest(change(repository), manifest)).toEqual({ status: 'stored' });
    const [row] = await fixture.database.query('select extra_attrs, annotations from manifests where project_id = $1', [
      projectId,
    ]);
    expect(row).toEqual({
      extra_attrs: { architecture: 'arm64', os: 'linux', created: '2026-01-02T03:04:05Z', author: 'a\uFFFDb' },
      annotations: { note: 'x\uFFFDy\uFFFD' },
    });
  });
});

describe('counters of a repository', () => {
  const layers = [descriptor('layer 1', 1000)];

  test('are right as soon as a push is answered, however many push at once', async () => {
    await link(fixture.store, change(repository), layers);
    const stores = [fixture.store, fixture.otherProcess()];
    await Promise.all(
      Array.from({ length: 60 }, async (_, push) => {
        const manifest = image(layers, { tags: [tag(`t${push % 20}`)], salt: String(push) });
        await (stores[push % 2] ?? fixture.store).putManifest(change(repository), manifest);
        const counted = await counters();
        expect(counted?.artifact_count).toBeGreaterThan(0);
        expect(counted?.tag_count).toBeGreaterThan(0);
      }),
    );
    expect(await counters()).toEqual({ artifact_count: 60, tag_count: 20 });
  });

  test('catch up with what a crash left uncounted', async () => {
    await link(fixture.store, change(repository), layers);
    await fixture.store.putManifest(change(repository), image(layers, { tags: [tag('v1')] }));
    await settleLeftCounters(fixture.database);
    await fixture.database.query(
      'insert into repository_changes (repository_id, artifacts, tags) select id, 5, 7 from repositories where name = $1',
      [repository.name],
    );
    expect(await settleLeftCounters(fixture.database)).toBe(1);
    expect(await settleLeftCounters(fixture.database)).toBe(0);
    expect(await counters()).toEqual({ artifact_count: 6, tag_count: 8 });
  });
});

describe('deleting', () => {
  const layers = [descriptor('layer 1', 1000)];

  test('by tag removes that tag only, by digest the manifest with all its tags', async () => {
    await link(fixture.store, change(repository), layers);
    const manifest = image(layers, { tags: [tag('a'), tag('b'), tag('c')] });
    await fixture.store.putManifest(change(repository), manifest);
    expect(await fixture.store.deleteManifest(change(repository), { tag: tag('a') })).toEqual({ status: 'deleted' });
    expect(await fixture.store.deleteManifest(change(repository), { tag: tag('a') })).toEqual({ status: 'missing' });
    expect(await fixture.store.findManifest(repository, { tag: tag('a') })).toBeNull();
    expect(await fixture.store.findManifest(repository, { tag: tag('b') })).toMatchObject({ digest: manifest.digest });
    expect(await counters()).toEqual({ artifact_count: 1, tag_count: 2 });

    const before = await usage();
    expect(await fixture.store.deleteManifest(change(repository), manifest)).toEqual({ status: 'deleted' });
    expect(await fixture.store.findManifest(repository, { tag: tag('b') })).toBeNull();
    expect(await fixture.store.deleteManifest(change(repository), manifest)).toEqual({ status: 'missing' });
    expect(await counters()).toEqual({ artifact_count: 0, tag_count: 0 });
    // What is in the trash counts until it is purged.
    expect(await usage()).toBe(before);
    expect(await fixture.store.findBlob(repository, digestFor('layer 1'))).toEqual({ size: 1000 });
    expect((await events()).slice(1)).toMatchObject([
      { name: 'tag.deleted', payload: { data: { tag: 'a', digest: manifest.digest } } },
      { name: 'artifact.deleted', payload: { data: { digest: manifest.digest, tags: ['b', 'c'] } } },
    ]);
  });

  test('protects the child of a live index and names the index', async () => {
    await link(fixture.store, change(repository), layers);
    const child = image(layers);
    const parent = index([child]);
    await fixture.store.putManifest(change(repository), child);
    await fixture.store.putManifest(change(repository), parent);
    const refused = await fixture.store.deleteManifest(change(repository), child);
    expect(refused).toMatchObject({ status: 'refused', message: expect.stringContaining(parent.digest) });
    expect(await fixture.store.deleteManifest(change(repository), parent)).toEqual({ status: 'deleted' });
    expect(await fixture.store.deleteManifest(change(repository), child)).toEqual({ status: 'deleted' });
  });

  test('keeps the referrers of a deleted subject', async () => {
    await link(fixture.store, change(repository), layers);
    const subject = image(layers);
    const signature = image([], {
      content: { subject: { digest: subject.digest, mediaType: subject.mediaType, size: 1 } },
    });
    await fixture.store.putManifest(change(repository), subject);
    await fixture.store.putManifest(change(repository), signature);
    expect(await fixture.store.deleteManifest(change(repository), subject)).toEqual({ status: 'deleted' });
    const list = { artifactTypes: [], limit: 10, maxBytes: 1_000_000 };
    expect((await fixture.store.listReferrers(repository, subject.digest, list)).items).toMatchObject([
      { digest: signature.digest },
    ]);
  });
});
