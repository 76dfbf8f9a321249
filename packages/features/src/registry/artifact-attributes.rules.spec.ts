import type { Digest, ManifestContent } from '@moorage/distribution';
import { describe, expect, test } from 'vitest';
import { attributesOf, hasReadableConfig, storable } from './artifact-attributes.rules.ts';

const IMAGE = 'application/vnd.oci.image.config.v1+json';
const CHART = 'application/vnd.cncf.helm.config.v1+json';

function manifest(mediaType = IMAGE, size = 100): ManifestContent {
  const config = { digest: `sha256:${'b'.repeat(64)}` as Digest, size, mediaType };
  return { kind: 'image', config, artifactType: mediaType, layers: [], foreignLayers: [], children: [] };
}

const read = (config: unknown, mediaType = IMAGE) =>
  attributesOf(manifest(mediaType), Buffer.from(typeof config === 'string' ? config : JSON.stringify(config)));

test('the config of an image gives what Harbor shows, and nothing else', () => {
  const config = {
    architecture: 'amd64',
    author: 'me',
    config: { Env: ['PATH=/bin'], Labels: { a: 'b' } },
    created: '2026-01-01T00:00:00Z',
    history: [{ created_by: 'RUN' }],
    os: 'linux',
    rootfs: { type: 'layers' },
  };
  const { history: _history, rootfs: _rootfs, ...shown } = config;
  expect(read(config)).toEqual(shown);
});

test('an image has the author its label names, and every part of its platform', () => {
  const platform = {
    os: 'windows',
    architecture: 'arm',
    variant: 'v7',
    'os.version': '10.0',
    'os.features': ['win32k'],
  };
  expect(read({ ...platform, author: '', config: { Labels: { maintainer: 'ada' } } })).toEqual({
    ...platform,
    author: 'ada',
    config: { Labels: { maintainer: 'ada' } },
  });
  for (const config of [{ Labels: null }, { Labels: ['maintainer'] }, { Labels: { maintainer: 1 } }, null, 'Labels']) {
    expect(read({ os: 'linux', config })).toEqual({ os: 'linux', config });
  }
  expect(read({ author: 'bob', config: { Labels: { maintainer: 'ada' } } })).toMatchObject({ author: 'bob' });
});

test('a type that its pushers made up shows its config but for what it asks to leave out', () => {
  const rocket = manifest('application/vnd.acme.rocket.config.v1alpha1+json');
  const annotations = { 'io.goharbor.artifact.v1alpha1.skip-list': 'metrics, git' };
  const content = { ...rocket, config: { ...rocket.config, annotations } } as ManifestContent;
  const config = { engine: 'ion', metrics: [1, 2], git: { commit: 'a' } };
  expect(attributesOf(content, Buffer.from(JSON.stringify(config)))).toEqual({ engine: 'ion' });
  expect(attributesOf(rocket, Buffer.from(JSON.stringify(config)))).toEqual(config);
});

test('the config of a chart is taken whole', () => {
  const chart = { name: 'web', version: '1.2.3', apiVersion: 'v2', maintainers: [{ name: 'me' }] };
  expect(read(chart, CHART)).toEqual(chart);
});

test.each([
  [IMAGE, 100, true],
  [CHART, 100, true],
  [IMAGE, 1024 * 1024, true],
  [IMAGE, 1024 * 1024 + 1, false],
  ['application/vnd.oci.empty.v1+json', 2, false],
  ['application/vnd.acme.rocket.config.v1+json', 100, true],
  ['application/vnd.acme.rocket.v1+json', 100, false],
])('a config of type %s and %i bytes is worth reading: %s', (mediaType, size, expected) => {
  expect(hasReadableConfig(manifest(mediaType, size))).toBe(expected);
});

describe('a hostile config', () => {
  test.each([
    ['no JSON', '{"architecture":'],
    ['no object', '["architecture"]'],
    ['null', 'null'],
    ['nothing', ''],
    ['a bomb of brackets', `{"architecture":${'['.repeat(500_000)}${']'.repeat(500_000)}}`],
    ['more than a MiB', `{"architecture":"${'x'.repeat(1024 * 1024)}"}`],
    ['bytes that are no UTF-8', '\uFFFD{'],
  ])('%s gives no attributes', (_, text) => {
    expect(read(text)).toEqual({});
  });

  test('brackets in strings do not count as depth', () => {
    expect(read({ architecture: '[['.repeat(50), os: '\\"[[' })).toEqual({
      architecture: '[['.repeat(50),
      os: '\\"[[',
    });
  });

  test('a member that is too large is left out, the others stay', () => {
    const config = { architecture: 'amd64', config: { Env: ['x'.repeat(200_000)] }, os: 'linux' };
    expect(read(config)).toEqual({ architecture: 'amd64', os: 'linux' });
  });

  test('names that mean something to JavaScript stay data', () => {
    const attributes = read('{"__proto__":{"polluted":1},"constructor":"x","name":"web"}', CHART);
    expect(attributes).toEqual({ constructor: 'x', name: 'web' });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('what a jsonb column cannot hold is replaced', () => {
    expect(storable({ 'a\0': ['\ud800', { b: 'c\0' }], n: 1.5, t: true, z: null })).toEqual({
      'a\uFFFD': ['\uFFFD', { b: 'c\uFFFD' }],
      n: 1.5,
      t: true,
      z: null,
    });
  });
});
