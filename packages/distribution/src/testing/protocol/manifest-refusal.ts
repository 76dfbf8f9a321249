import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_INDEX_DEPTH } from '../../manifest.ts';
import { DOCKER_MANIFEST, OCI_IMAGE_INDEX, OCI_IMAGE_MANIFEST } from '../../manifest/media-type.ts';
import {
  CONFIG_TYPE,
  type Content,
  describeContent,
  image,
  index,
  LAYER_TYPE,
  manifest,
  randomContent,
} from './content.ts';
import { refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** What must never become a manifest (P2, P4–P6, S70, S73, S103, S110, S114), with a positive control beside each group. */
export function describeManifestRefusal(start: StartTarget): void {
  describe('refused manifests', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    let config: Content;
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
      config = await repository.pushBlob();
    });
    afterAll(() => registry.close());

    const configDescriptor = () => describeContent(config, CONFIG_TYPE);
    const members = (extra: object = {}) => ({
      schemaVersion: 2,
      mediaType: OCI_IMAGE_MANIFEST,
      config: configDescriptor(),
      layers: [],
      ...extra,
    });
    const put = (value: object | string | Buffer, type = OCI_IMAGE_MANIFEST) =>
      repository.send('PUT', 'manifests/refused', {
        headers: { 'content-type': type },
        body: Buffer.isBuffer(value) ? value : manifest(value, type).bytes,
      });

    it('accepts the manifest that the refused ones vary', async () => {
      expect((await put(members())).status).toBe(201);
      expect((await put(JSON.stringify(members()))).status).toBe(201);
    });

    const withText = (change: (text: string) => string) => () => change(JSON.stringify(members()));
    const ambiguous: [string, () => object | string | Buffer][] = [
      ['an image with manifests', () => members({ manifests: [] })],
      ['schema 1 members', () => members({ fsLayers: [], history: [], signatures: [] })],
      ['another schemaVersion', () => members({ schemaVersion: 1 })],
      ['no schemaVersion', () => members({ schemaVersion: undefined })],
      ['a schemaVersion that is text', () => members({ schemaVersion: '2' })],
      ['a schemaVersion with a fraction', withText((text) => text.replace('"schemaVersion":2', '"schemaVersion":2.0'))],
      ['another mediaType than the Content-Type', () => members({ mediaType: DOCKER_MANIFEST })],
      ['a mediaType nobody knows', () => members({ mediaType: 'application/json' })],
      ['a mediaType that is no text', () => members({ mediaType: 5 })],
      ['layers twice', withText((text) => text.replace('"layers":[]', '"layers":[],"layers":[]'))],
      [
        'mediaType twice, once escaped',
        withText((text) => text.replace('{', `{"\\u006dediaType":"${DOCKER_MANIFEST}",`)),
      ],
      ['Layers beside layers', () => members({ Layers: [] })],
      ['LAYERS instead of layers', () => ({ ...members({ layers: undefined }), LAYERS: [] })],
      ['a long s in a member', () => members({ layerſ: [] })],
      ['a Kelvin sign in a descriptor', () => members({ config: { ...configDescriptor(), siZe: 1 } })],
      [
        'a byte order mark',
        () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(members()))]),
      ],
      ['UTF-16', () => Buffer.from(JSON.stringify(members()), 'utf16le')],
      ['broken UTF-8', () => Buffer.from(JSON.stringify(members({ annotations: { a: 'caf\xe9' } })), 'latin1')],
      ['bytes behind the object', withText((text) => `${text}{}`)],
      ['a NUL behind the object', withText((text) => `${text}\0`)],
      ['a comment', withText((text) => text.replace('{', '{/* x */'))],
      ['a comma too many', withText((text) => text.replace('[]', '[],'))],
      ['a single quote', withText((text) => text.replaceAll('"', "'"))],
      ['NaN', () => members({ config: { ...configDescriptor(), size: 'NaN' } })],
      ['NaN as a word', withText((text) => text.replace(/"size":\d+/, '"size":NaN'))],
      ['a size with exponent', withText((text) => text.replace(/"size":\d+/, '"size":2.048e3'))],
      ['a negative size', withText((text) => text.replace(/"size":\d+/, '"size":-1'))],
      ['a size of 2^53 + 1', withText((text) => text.replace(/"size":\d+/, '"size":9007199254740993'))],
      ['a size with a leading zero', withText((text) => text.replace(/"size":/, '"size":0'))],
      ['a size that is text', () => members({ config: { ...configDescriptor(), size: '1' } })],
      ['no config', () => members({ config: undefined })],
      ['a config that is null', () => members({ config: null })],
      ['no layers', () => members({ layers: undefined })],
      ['layers that are null', () => members({ layers: null })],
      ['layers that are an object', () => members({ layers: {} })],
      ['a layer that is text', () => members({ layers: ['x'] })],
      ['a descriptor without mediaType', () => members({ config: { ...configDescriptor(), mediaType: undefined } })],
      ['a descriptor with a bad digest', () => members({ config: { ...configDescriptor(), digest: 'sha256:bad' } })],
      [
        'a descriptor with an unknown algorithm',
        () => members({ config: { ...configDescriptor(), digest: `blake3:${'0'.repeat(64)}` } }),
      ],
      ['two subjects', withText((text) => text.replace('{', `{"subject":null,"subject":null,`))],
      ['a subject that is text', () => members({ subject: config.digest })],
      ['annotations that are a list', () => members({ annotations: [] })],
      ['annotations that are numbers', () => members({ annotations: { a: 1 } })],
      ['an artifactType that is no text', () => members({ artifactType: {} })],
      [
        'data that is not the content',
        () => members({ config: { ...configDescriptor(), data: Buffer.from('x').toString('base64') } }),
      ],
      ['an empty body', () => Buffer.alloc(0)],
      ['a list', () => '[]'],
      ['text', () => '"manifest"'],
      ['null', () => 'null'],
      ['half an object', withText((text) => text.slice(0, text.length / 2))],
    ];
    it.each(ambiguous)('refuses %s (S70)', async (_name, build) => {
      const value = build();
      expect(refusal(await put(value))).toEqual([400, 'MANIFEST_INVALID']);
    });

    it('refuses an index with layers or config (S70)', async () => {
      const value = { schemaVersion: 2, mediaType: OCI_IMAGE_INDEX, manifests: [] };
      expect((await put(value, OCI_IMAGE_INDEX)).status).toBe(201);
      for (const extra of [{ layers: [] }, { config: configDescriptor() }]) {
        expect(refusal(await put({ ...value, ...extra }, OCI_IMAGE_INDEX))).toEqual([400, 'MANIFEST_INVALID']);
      }
    });

    it.each([
      ['application/vnd.docker.distribution.manifest.v1+json', 'schema 1'],
      ['application/vnd.docker.distribution.manifest.v1+prettyjws', 'schema 1'],
      ['application/vnd.oci.artifact.manifest.v1+json', 'withdrawn'],
      ['application/json', 'type'],
      ['text/plain', 'type'],
    ])('refuses the type %s and says why (P4)', async (type, reason) => {
      const reply = await put(members({ mediaType: undefined }), type);
      expect(refusal(reply)).toEqual([400, 'MANIFEST_INVALID']);
      expect(reply.body.toString()).toContain(reason);
    });

    it.each([
      ['an object', '{"a":', '}', '1'],
      ['an array', '[', ']', ''],
    ])('refuses %s nested without end, at once (S103)', async (_name, open, close, inner) => {
      const depth = 100_000;
      const value = `{"x":${open.repeat(depth)}${inner}${close.repeat(depth)}}`;
      expect(refusal(await put(value))).toEqual([400, 'MANIFEST_INVALID']);
      expect(refusal(await put('['.repeat(4_000_000)))).toEqual([400, 'MANIFEST_INVALID']);
    });

    it('refuses more values and keys than any manifest has (S103)', async () => {
      const values = `{"x":[${'1,'.repeat(200_000)}1]}`;
      const keys = `{${Array.from({ length: 300_000 }, (_, key) => `"${key}":1`).join(',')}}`;
      for (const value of [values, keys]) expect(refusal(await put(value))).toEqual([400, 'MANIFEST_INVALID']);
    });

    it('refuses a manifest above the limit with 413, announced or not (P5, S110)', async () => {
      const fill = (size: number) => {
        const text = JSON.stringify(members({ annotations: { fill: '' } }));
        return text.replace('"fill":""', `"fill":"${'x'.repeat(size - text.length)}"`);
      };
      const limit = 4 * 1024 * 1024;
      expect((await put(fill(limit))).status).toBe(201);
      expect((await put(fill(limit + 1))).status).toBe(413);
      const body = Buffer.from(fill(limit + 1));
      const headers = { 'content-type': OCI_IMAGE_MANIFEST };
      expect((await repository.send('PUT', 'manifests/large', { headers, body, chunked: true })).status).toBe(413);
      expect((await repository.head('manifests/large')).status).toBe(404);
    });

    it('refuses content under another digest (P2)', async () => {
      const pushed = image(config, []);
      for (const digest of [randomContent().digest, randomContent(1, 'sha512').digest]) {
        expect(refusal(await repository.putManifest(digest, pushed))).toEqual([400, 'DIGEST_INVALID']);
        expect((await repository.head(`manifests/${digest}`)).status).toBe(404);
      }
    });

    it.each(['-a', '.a', 'a/b', 'x'.repeat(129), 'a+b', 'ä', 'a%20b', '%'])('refuses the tag %s (T5)', async (tag) => {
      const reply = await repository.putManifest(encodeURI(tag).replaceAll('%25', '%'), image(config, []));
      expect([400, 404]).toContain(reply.status);
    });

    it.each(['sha256:baddigeststring', `sha256:${'A'.repeat(64)}`, 'sha256:', 'md5:00'])(
      'refuses the digest %s (T6)',
      async (digest) => {
        expect(refusal(await repository.putManifest(digest, image(config, [])))).toEqual([400, 'DIGEST_INVALID']);
        expect(refusal(await repository.get(`manifests/${digest}`))).toEqual([400, 'DIGEST_INVALID']);
      },
    );

    it.each(['a', '_', 'A.b-c_d', 'x'.repeat(128), 'latest'])('accepts the tag %s (T5)', async (tag) => {
      expect((await repository.putManifest(tag, image(config, []))).status).toBe(201);
    });

    it('names the content that is missing, and only what the client named (P6, S67)', async () => {
      const [absentConfig, absentLayer] = [randomContent(), randomContent()];
      const reply = await repository.putManifest('missing', image(absentConfig, [absentLayer, config]));
      expect(refusal(reply)).toEqual([400, 'MANIFEST_BLOB_UNKNOWN']);
      const { errors } = JSON.parse(reply.body.toString()) as { errors: [{ detail: { digests: string[] } }] };
      expect(errors[0].detail.digests.sort()).toEqual([absentConfig.digest, absentLayer.digest].sort());
      const child = image(randomContent(), []);
      expect(refusal(await repository.putManifest('missing', index([child])))).toEqual([400, 'MANIFEST_BLOB_UNKNOWN']);
      expect((await repository.head('manifests/missing')).status).toBe(404);
    });

    it('does not let a manifest reach into another repository (S73)', async () => {
      const other = registry.repository('private');
      const [secret, theirs] = [await other.pushBlob(), await other.pushImage()];
      expect(refusal(await repository.putManifest('steal', image(secret, [])))).toEqual([400, 'MANIFEST_BLOB_UNKNOWN']);
      expect(refusal(await repository.putManifest('steal', index([theirs])))).toEqual([400, 'MANIFEST_BLOB_UNKNOWN']);
      expect((await repository.get(`blobs/${secret.digest}`)).status).toBe(404);
    });

    it('refuses graphs that are too wide or too deep (S114)', async () => {
      const child = await repository.pushImage();
      const entry = describeContent(child, child.mediaType);
      const wide = (count: number) => ({
        schemaVersion: 2,
        mediaType: OCI_IMAGE_INDEX,
        manifests: Array.from({ length: count }, () => entry),
      });
      expect((await put(wide(4096), OCI_IMAGE_INDEX)).status).toBe(201);
      expect(refusal(await put(wide(4097), OCI_IMAGE_INDEX))).toEqual([400, 'MANIFEST_INVALID']);
      const layer = describeContent(await repository.pushBlob(), LAYER_TYPE);
      const layers = Array.from({ length: 4097 }, () => layer);
      expect(refusal(await put(members({ layers })))).toEqual([400, 'MANIFEST_INVALID']);
      let top = child;
      for (let depth = 1; depth <= MAX_INDEX_DEPTH; depth++) top = await repository.pushManifest(index([top]));
      expect(refusal(await repository.putManifest('deep', index([top])))).toEqual([400, 'MANIFEST_INVALID']);
    });

    it('survives bodies that are not JSON at all', async () => {
      for (let round = 0; round < 20; round++) {
        expect(refusal(await put(randomBytes(round * 50)))).toEqual([400, 'MANIFEST_INVALID']);
      }
    });
  });
}
