import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { BlobHandle } from '@moorage/distribution';
import { ArtifactFactory, ImageFactory } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartDependencies, fileTree, packingOf } from '../src/artifact-content/addition.rules.ts';
import { ARCHIVE_LIMITS, readArchive, UnreadableArchive } from '../src/artifact-content/archive-reader.ts';
import type { ProjectRef } from '../src/http/index.ts';
import { createRegistryFixture, type RegistryFixture } from '../src/registry/testing/registry-fixture.ts';
import { pushArtifact } from './artifact-push.ts';
import { outcomeOf, projectRef, testCatalog } from './catalog-core.ts';

let fixture: RegistryFixture;
let catalog: ReturnType<typeof testCatalog>;
let project: ProjectRef;
const images = new ImageFactory('artifact-additions-spec');
const factory = new ArtifactFactory(images);
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

const push = (name: string, artifact: Parameters<typeof pushArtifact>[2], tag = 'v1') =>
  pushArtifact(fixture, { projectId: project.id, name: `team/${name}` }, artifact, [tag]);
const read = (repository: string, name: string, reference = 'v1') =>
  catalog.additions.read(project, repository, reference, name);
const jsonBlob = (mediaType: string, value: unknown) => {
  const content = images.blob(1, mediaType);
  const bytes = Buffer.from(JSON.stringify(value));
  return contentOf(content, bytes);
};
const contentOf = (base: ReturnType<ImageFactory['blob']>, bytes: Buffer, annotations?: Record<string, string>) => ({
  bytes,
  descriptor: {
    ...base.descriptor,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    size: bytes.length,
    ...(annotations ? { annotations } : {}),
  },
});
const chart = (entries: Parameters<ImageFactory['layer']>[0], name = 'shop') =>
  factory.artifact({
    config: jsonBlob('application/vnd.cncf.helm.config.v1+json', { name, version: '1.0.0', apiVersion: 'v2' }),
    layers: [images.layer(entries, CHART_LAYER).content],
  });

beforeAll(async () => {
  fixture = await createRegistryFixture();
  catalog = testCatalog(fixture.database, fixture.bytes);
  project = projectRef(await fixture.project('team'), 'team');
});
afterAll(() => fixture.close());

describe('a chart', () => {
  beforeAll(() =>
    push(
      'shop',
      chart([
        {
          path: 'shop/Chart.yaml',
          content: 'name: shop\ndependencies:\n- name: db\n  version: "1.2"\n  repository: oci://x/y\n',
        },
        { path: 'shop/charts/db/values.yaml', content: 'inner: true\n' },
        { path: 'shop/values.yaml', content: 'replicas: 2 # <script>\n' },
        { path: 'shop/README.md', content: '# Shop\n' },
      ]),
    ),
  );

  it('has values, readme and dependencies of its own, not of its parts', async () => {
    expect(await read('shop', 'values.yaml')).toEqual({
      contentType: 'text/plain; charset=utf-8',
      body: 'replicas: 2 # <script>\n',
    });
    expect(await read('shop', 'readme.md')).toEqual({ contentType: 'text/markdown; charset=utf-8', body: '# Shop\n' });
    expect(JSON.parse((await read('shop', 'dependencies')).body)).toEqual([
      { name: 'db', version: '1.2', repository: 'oci://x/y' },
    ]);
    for (const name of ['license', 'vulnerabilities']) expect(await outcomeOf(read('shop', name))).toBe('NOT_FOUND');
    const shown = await catalog.artifacts.get(project, 'shop', 'v1', {
      with_tag: false,
      with_label: false,
      with_immutable_status: false,
      with_accessory: false,
      with_inherited_accessory: false,
    });
    expect(Object.keys(shown.addition_links)).toEqual(['values.yaml', 'readme.md', 'dependencies']);
  });

  it('that unpacks without end, or is none, is refused', async () => {
    await push('bomb', chart([{ path: 'shop/big', content: Buffer.alloc(8 * 1024 * 1024) }]));
    expect(await outcomeOf(read('bomb', 'values.yaml'))).toBe('PRECONDITION');
    const config = jsonBlob('application/vnd.cncf.helm.config.v1+json', { name: 'shop' });
    await push('noise', factory.artifact({ config, layers: [images.blob(3000, CHART_LAYER)] }));
    expect(await outcomeOf(read('noise', 'values.yaml'))).toBe('PRECONDITION');
  });
});

it('a model has its files, readme and licence, packed or plain', async () => {
  const named = (path: string) => ({ 'org.cncf.model.filepath': path });
  const readme = images.layer([{ path: 'README.md', content: '# Model\n' }], 'application/x.tar').content;
  const model = factory.artifact({
    artifactType: 'application/vnd.cncf.model.manifest.v1+json',
    config: jsonBlob('application/vnd.cncf.model.config.v1+json', { descriptor: { name: 'm' } }),
    layers: [
      contentOf(images.blob(1, 'application/vnd.cncf.model.doc.v1.tar'), readme.bytes, named('README.md')),
      contentOf(images.blob(1, 'application/vnd.cncf.model.doc.v1.raw'), Buffer.from('MIT\n'), named('docs/LICENSE')),
      contentOf(images.blob(1, 'application/vnd.cncf.model.weight.v1.raw'), Buffer.alloc(99), named('w/one.bin')),
    ],
  });
  await push('model', model);
  expect((await read('model', 'readme.md')).body).toBe('# Model\n');
  expect((await read('model', 'license')).body).toBe('MIT\n');
  expect(JSON.parse((await read('model', 'files')).body)).toEqual([
    { name: 'docs', type: 'directory', children: [{ name: 'LICENSE', type: 'file', size: 4 }] },
    { name: 'w', type: 'directory', children: [{ name: 'one.bin', type: 'file', size: 99 }] },
    { name: 'README.md', type: 'file', size: readme.bytes.length },
  ]);
});

it('an image has the bill of materials that was pushed for it', async () => {
  const image = images.image();
  await push('web', image);
  expect(await outcomeOf(read('web', 'sbom'))).toBe('NOT_FOUND');
  await pushArtifact(fixture, { projectId: project.id, name: 'team/web' }, factory.sbom(image.root.descriptor));
  expect(JSON.parse((await read('web', 'sbom')).body)).toMatchObject({ spdxVersion: 'SPDX-2.3' });
});

describe('archives', () => {
  const handle = (bytes: Buffer): BlobHandle => ({
    size: bytes.length,
    read: (into, position) => Promise.resolve(bytes.copy(into, 0, position)),
    close: () => Promise.resolve(),
  });
  const archive = (count: number, size: number) =>
    images.layer(
      Array.from({ length: count }, (_, n) => ({ path: `a/${n}`, content: Buffer.alloc(size, n) })),
      'application/x.tar',
    ).content.bytes;
  const take = (bytes: Buffer, packing: 'none' | 'gzip' | 'zstd', limits = {}, wanted = ['a/3']) =>
    readArchive(handle(bytes), packing, new Set(wanted), { ...ARCHIVE_LIMITS, ...limits });

  it('give the wanted files in every packing', async () => {
    const bytes = archive(10, 1000);
    for (const [packing, packed] of [
      ['none', bytes],
      ['gzip', gzipSync(bytes)],
      ['zstd', zstdCompressSync(bytes)],
    ] as const) {
      expect(await take(packed, packing)).toEqual(new Map([['a/3', Buffer.alloc(1000, 3)]]));
      expect((await take(packed, packing, {}, ['none'])).size).toBe(0);
    }
  });

  it.each([
    ['many entries', { entries: 5 }],
    ['long paths', { pathLength: 2 }],
    ['many bytes', { bytes: 4000 }],
    ['many stored bytes', { storedBytes: 4000 }],
  ])('with %s are refused', async (_, limits) => {
    await expect(take(archive(10, 1000), 'none', limits, ['a/9'])).rejects.toThrow(UnreadableArchive);
  });

  it('that are too well packed, too slow, cut off or noise are refused, and large files left out', async () => {
    const packed = gzipSync(archive(4, 1024 * 1024));
    await expect(take(packed, 'gzip', {}, ['none'])).rejects.toThrow('times its size');
    const bytes = archive(10, 1000);
    const slow: BlobHandle = {
      ...handle(bytes),
      read: async (into, position) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return bytes.copy(into, 0, position, position + 512);
      },
    };
    const waiting = readArchive(slow, 'none', new Set(['a']), { ...ARCHIVE_LIMITS, milliseconds: 50 });
    await expect(waiting).rejects.toThrow('too long');
    const cut = gzipSync(archive(10, 1000));
    await expect(take(cut.subarray(0, cut.length - 20), 'gzip', {}, ['none'])).rejects.toThrow(UnreadableArchive);
    expect((await take(archive(10, 1000), 'none', { fileBytes: 999 })).size).toBe(0);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.constantFrom('none', 'gzip', 'zstd'),
        async (noise, packing) => {
          await take(Buffer.from(noise), packing).catch((error: unknown) => {
            if (!(error instanceof UnreadableArchive)) throw error;
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what was pushed as text', () => {
  it('gives dependencies or none, whatever it is', () => {
    expect(chartDependencies('dependencies: 7', 'dependencies: [{name: old}]')).toEqual([
      { name: 'old', version: '', repository: '' },
    ]);
    expect(chartDependencies('a: &a [1,2]\nb: &b [*a,*a]\ndependencies: [*b]', null)).toEqual([]);
    const laughs = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(9)}]`).join('\n');
    expect(chartDependencies(`l0: &l0 x\n${laughs}\ndependencies: *l12`, null)).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => void chartDependencies(text, null)));
  });

  it('names files of a tree that stays within itself', () => {
    const layer = (path: string) => ({ digest: '', mediaType: '', size: 1, path });
    expect(fileTree(['../../etc/passwd', '/a//b', './c', '__proto__/x'].map(layer))).toEqual([
      { name: '__proto__', type: 'directory', children: [{ name: 'x', type: 'file', size: 1 }] },
      { name: 'a', type: 'directory', children: [{ name: 'b', type: 'file', size: 1 }] },
      { name: 'c', type: 'file', size: 1 },
    ]);
  });

  it('tells packings from media types', () => {
    expect([CHART_LAYER, 'application/x.tar', 'a/b.tar+zstd', 'application/gzip'].map(packingOf)).toEqual([
      'gzip',
      'none',
      'zstd',
      null,
    ]);
  });
});
