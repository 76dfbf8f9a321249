import {
  getArtifact,
  listAccessories,
  listArtifacts,
  listArtifactsOfProject,
  listReferrers,
  listRepositoryTags,
  type ListSpec,
  listTags,
} from '@moorage/contracts';
import { ArtifactFactory, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseListQuery, type ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { outcomeOf, projectRef, testCatalog } from './catalog-core.ts';

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let project: ProjectRef;
let other: ProjectRef;
const images = new ImageFactory('artifact-spec');
const factory = new ArtifactFactory(images);
const PLAIN = {
  with_tag: true,
  with_label: false,
  with_immutable_status: false,
  with_accessory: false,
  with_inherited_accessory: false,
};
const FULL = {
  with_tag: true,
  with_label: true,
  with_immutable_status: true,
  with_accessory: true,
  with_inherited_accessory: true,
};

type Query = { q?: string; sort?: string; page?: string; page_size?: string };
const request = (endpoint: { list?: ListSpec }, query: Query = {}) => parseListQuery(endpoint.list as ListSpec, query);
const push = (repository: string, artifact: Parameters<typeof pushArtifact>[2], ...tags: string[]) =>
  pushArtifact(
    fixture,
    { projectId: project.id, name: `${project.name}/${repository}` },
    artifact,
    tags.length > 0 ? tags : undefined,
  );
const digests = async (repository: string, query: Query = {}) =>
  (await catalog.artifacts.list(project, repository, PLAIN, request(listArtifacts, query))).items.map(
    (item) => item.digest,
  );

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  project = projectRef(await fixture.project('team'), 'team');
  other = projectRef(await fixture.project('other'), 'other');
});
afterAll(() => fixture.close());

describe('an image', () => {
  const image = images.image({
    layerSizes: [3000, 5000],
    run: { Env: ['A=1'], Cmd: ['serve'], ExposedPorts: { '80/tcp': {} }, Labels: { team: 'ops' } },
    annotations: { 'org.example.note': 'hello' },
  });
  const [config] = image.blobs;

  beforeAll(async () => {
    await push('deep/web', image, 'v1', 'latest');
  });

  it('has every field Harbor shows, by tag and by digest', async () => {
    const byTag = await catalog.artifacts.get(project, 'deep/web', 'v1', PLAIN);
    const byDigest = await catalog.artifacts.get(project, 'deep/web', image.root.descriptor.digest, PLAIN);
    expect(byDigest).toEqual(byTag);
    const size = image.root.bytes.length + image.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
    expect(getArtifact.response?.parse(byTag)).toMatchObject({
      type: 'IMAGE',
      media_type: 'application/vnd.oci.image.config.v1+json',
      manifest_media_type: 'application/vnd.oci.image.manifest.v1+json',
      artifact_type: 'application/vnd.oci.image.config.v1+json',
      project_id: project.id,
      repository_name: 'team/deep/web',
      digest: image.root.descriptor.digest,
      size,
      pull_time: '0001-01-01T00:00:00.000Z',
      extra_attrs: { architecture: 'amd64', os: 'linux', config: { Cmd: ['serve'] } },
      annotations: { 'org.example.note': 'hello' },
      references: null,
      labels: null,
      accessories: null,
      pushed_by: 'user-1',
      addition_links: {
        build_history: {
          absolute: false,
          href: `/api/v2.0/projects/team/repositories/deep%252Fweb/artifacts/${image.root.descriptor.digest}/additions/build_history`,
        },
      },
    });
    expect(byTag.tags?.map((tag) => tag.name).sort()).toEqual(['latest', 'v1']);
    expect(byTag.tags?.[0]).toMatchObject({
      artifact_id: byTag.id,
      repository_id: byTag.repository_id,
      immutable: false,
    });
  });

  it('shows its bytes, config, layers and history', async () => {
    const manifest = await catalog.content.manifest(project, 'deep/web', 'latest');
    expect(manifest.payload.equals(image.root.bytes)).toBe(true);
    const shown = await catalog.content.imageConfig(project, 'deep/web', 'v1');
    expect(shown).toMatchObject({
      digest: config?.descriptor.digest,
      platform: { os: 'linux', architecture: 'amd64' },
      env: ['A=1'],
      cmd: ['serve'],
      entrypoint: [],
      exposed_ports: ['80/tcp'],
      labels: { team: 'ops' },
    });
    const addition = await catalog.additions.read(project, 'deep/web', 'v1', 'build_history');
    const history = JSON.parse(addition.body) as { created_by?: string }[];
    expect(history).toHaveLength(2);
    expect(shown.layers.map((layer) => layer.command)).toEqual(history.map((line) => line.created_by));
    expect(shown.layers.map((layer) => layer.size)).toEqual(image.blobs.slice(1).map((blob) => blob.bytes.length));
    expect(await outcomeOf(catalog.additions.read(project, 'deep/web', 'v1', 'readme.md'))).toBe('NOT_FOUND');
  });

  it('is found in its own project and repository only', async () => {
    expect(await outcomeOf(catalog.artifacts.get(other, 'deep/web', 'v1', PLAIN))).toBe('NOT_FOUND');
    expect(await outcomeOf(catalog.artifacts.get(project, 'web', 'v1', PLAIN))).toBe('NOT_FOUND');
    expect(await outcomeOf(catalog.artifacts.list(other, 'deep/web', PLAIN, request(listArtifacts)))).toBe('NOT_FOUND');
  });

  it('has its tags listed, filtered and sorted', async () => {
    const names = async (query: Query) =>
      (await catalog.tags.listOfArtifact(project, 'deep/web', 'v1', request(listTags, query))).items.map(
        (tag) => tag.name,
      );
    expect(await names({ sort: 'name' })).toEqual(['latest', 'v1']);
    expect(await names({ q: 'name=~V1' })).toEqual(['v1']);
    expect(await names({ q: 'name=~_' })).toEqual([]);
  });
});

describe('an index with signatures and attestations', () => {
  const index = factory.attestedIndex();
  const [image] = index.manifests;
  const signature = factory.cosignSignature(index.root.descriptor, 'team/signed');
  const sbom = factory.sbom(index.root.descriptor);

  beforeAll(async () => {
    await push('signed', index, 'multi');
    await push('signed', signature);
    await push('signed', sbom);
  });

  it('hides untagged parts and accessories unless asked', async () => {
    expect(await digests('signed')).toEqual([index.root.descriptor.digest]);
    expect(await digests('signed', { q: 'base=*' })).toHaveLength(5);
    await push('signed', { root: image as never, manifests: [image as never], blobs: [] }, 'amd64');
    expect((await digests('signed')).sort()).toEqual([image?.descriptor.digest, index.root.descriptor.digest].sort());
    expect(await outcomeOf(digests('signed', { q: 'base=x' }))).toBe('BAD_REQUEST');
    expect(await outcomeOf(digests('signed', { q: 'labels=[1~2]' }))).toBe('BAD_REQUEST');
  });

  it('shows an accessory whose subject is gone', async () => {
    const orphan = factory.sbom(images.image().root.descriptor);
    await push('orphans', orphan);
    expect(await digests('orphans')).toEqual([orphan.root.descriptor.digest]);
  });

  it('names its parts, accessories and those it inherits', async () => {
    const { items } = await catalog.artifacts.list(project, 'signed', FULL, request(listArtifacts, { q: 'base=*' }));
    const parsed = listArtifacts.response?.parse(items) as (typeof items)[number][];
    const root = parsed.find((item) => item.digest === index.root.descriptor.digest);
    const part = parsed.find((item) => item.digest === image?.descriptor.digest);
    expect(root?.references).toMatchObject([
      { child_id: part?.id, child_digest: image?.descriptor.digest, platform: { os: 'linux', architecture: 'amd64' } },
      { platform: { os: 'unknown', architecture: 'unknown' } },
    ]);
    expect(root?.addition_links).toEqual({});
    expect(root?.accessories?.map((accessory) => accessory.type).sort()).toEqual([
      'signature.cosign',
      'subject.accessory',
    ]);
    expect(root?.accessories?.[0]).toMatchObject({
      subject_artifact_id: root?.id,
      subject_artifact_digest: root?.digest,
      subject_artifact_repo: 'team/signed',
    });
    expect(part?.inherited_accessories?.map((accessory) => accessory.type).sort()).toEqual([
      'signature.cosign',
      'subject.accessory',
    ]);
    expect(part?.labels).toEqual([]);
    expect(root?.inherited_accessories).toEqual([]);
  });

  it('lists accessories and referrers, each by its own rule', async () => {
    const accessories = await catalog.artifacts.listAccessories(project, 'signed', 'multi', request(listAccessories));
    expect(accessories.items.map((item) => item.digest)).toEqual([
      sbom.root.descriptor.digest,
      signature.root.descriptor.digest,
    ]);
    const signatures = request(listAccessories, { q: 'type=signature.cosign' });
    expect((await catalog.artifacts.listAccessories(project, 'signed', 'multi', signatures)).total).toBe(1);
    // A signature in tag form names no subject: it is an accessory, not a referrer.
    const referrers = await catalog.artifacts.listReferrers(project, 'signed', 'multi', request(listReferrers));
    expect(listReferrers.response?.parse(referrers.items)).toMatchObject([
      {
        digest: sbom.root.descriptor.digest,
        accessory_type: 'subject.accessory',
        artifact_type: 'application/spdx+json',
      },
    ]);
  });

  it('has platforms in the tag-first list, attestations left out', async () => {
    const { items, total } = await catalog.tags.listOfRepository(
      project,
      'signed',
      false,
      request(listRepositoryTags, { q: 'name={multi amd64}', sort: '-name' }),
    );
    expect(total).toBe(2);
    expect(listRepositoryTags.response?.parse(items)).toMatchObject([
      { name: 'multi', digest: index.root.descriptor.digest, platforms: [{ os: 'linux', architecture: 'amd64' }] },
      { name: 'amd64', digest: image?.descriptor.digest, platforms: [{ os: 'linux', architecture: 'amd64' }] },
    ]);
    const byType = request(listRepositoryTags, {
      q: `type=IMAGE,digest=${index.root.descriptor.digest}`,
      sort: 'size',
    });
    expect(
      (await catalog.tags.listOfRepository(project, 'signed', false, byType)).items.map((item) => item.name),
    ).toEqual(['multi']);
  });

  it('has no config to show', async () => {
    expect(await outcomeOf(catalog.content.imageConfig(project, 'signed', 'multi'))).toBe('PRECONDITION');
    expect(await outcomeOf(catalog.additions.read(project, 'signed', 'multi', 'build_history'))).toBe('NOT_FOUND');
  });
});

describe('filters', () => {
  const [one, two, chart] = [images.image(), images.image(), factory.helmChart('db', '1.0.0')];

  beforeAll(async () => {
    await push('mixed', one, 'a_b', 'stable');
    await push('mixed', two);
    await push('mixed', chart, '1.0.0');
  });

  it.each([
    ['tags=*', () => [one, chart]],
    ['tags=nil', () => [two]],
    ['tags=stable', () => [one]],
    ['tags=~A_B', () => [one]],
    ['tags=~%', () => []],
    ['tags={stable 1.0.0}', () => [one, chart]],
    ['tags=(stable a_b)', () => [one]],
    ['tags=(stable 1.0.0)', () => []],
    ['type=CHART', () => [chart]],
    ['media_type=application/vnd.cncf.helm.config.v1+json', () => [chart]],
    ['manifest_media_type=~oci.image.manifest', () => [one, two, chart]],
    ['artifact_type=~helm', () => [chart]],
    ['repository_name=team/mixed', () => [one, two, chart]],
    ['size=[~10]', () => []],
    ['push_time=[2020-01-01~]', () => [one, two, chart]],
    ['digest=sha256:nothing', () => []],
  ] as const)('%s', async (q, expected) => {
    const wanted = expected().map((artifact) => artifact.root.descriptor.digest);
    expect((await digests('mixed', { q })).sort()).toEqual([...wanted].sort());
  });

  it('digest by value, part and list', async () => {
    const digest = two.root.descriptor.digest;
    expect(await digests('mixed', { q: `digest=${digest}` })).toEqual([digest]);
    expect(await digests('mixed', { q: `digest=~${digest.slice(8, 40)}` })).toEqual([digest]);
    expect(await digests('mixed', { q: `digest={${digest} sha256:${'0'.repeat(64)}}` })).toEqual([digest]);
  });

  it('sort in both directions and page without gap', async () => {
    const bySize = await digests('mixed', { sort: 'size' });
    expect(await digests('mixed', { sort: '-size' })).toEqual([...bySize].reverse());
    const walked = [
      ...(await digests('mixed', { page: '1', page_size: '2' })),
      ...(await digests('mixed', { page: '2', page_size: '2' })),
    ];
    expect(new Set(walked).size).toBe(3);
  });
});

describe('the list of a project', () => {
  it('spans its repositories and can keep the newest of each', async () => {
    const spanning = projectRef(await fixture.project('span'), 'span');
    const into = (name: string) => ({ projectId: spanning.id, name: `span/${name}` });
    const [old, young, single] = [images.image(), images.image(), images.image()];
    await pushArtifact(fixture, into('a'), old, ['1']);
    await pushArtifact(fixture, into('a'), young, ['2']);
    await pushArtifact(fixture, into('b'), single, ['1']);
    await pushArtifact(fixture, into('a'), factory.helmChart('x', '1.0.0'), ['chart']);
    const list = async (latest: boolean, q: string) =>
      (
        await catalog.artifacts.listOfProject(spanning, latest, PLAIN, request(listArtifactsOfProject, { q }))
      ).items.map((item) => item.digest);
    const media = 'media_type=application/vnd.oci.image.config.v1+json';
    expect(await list(false, media)).toHaveLength(3);
    expect((await list(true, media)).sort()).toEqual(
      [young.root.descriptor.digest, single.root.descriptor.digest].sort(),
    );
    expect(await outcomeOf(list(true, ''))).toBe('BAD_REQUEST');
  });
});
