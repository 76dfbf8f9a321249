import { describe, expect, it } from 'vitest';
import { digestOf } from '../digest.ts';
import { RegistryError } from '../error.ts';
import { Random } from '../testing/random.ts';
import { OCI_IMAGE_INDEX, OCI_IMAGE_MANIFEST } from './media-type.ts';
import { parseManifest } from './parse-manifest.ts';

const digest = digestOf(Buffer.from('x'));
const descriptor = { mediaType: 'a/b', digest, size: 1 };
const subject = { mediaType: OCI_IMAGE_MANIFEST, digest, size: 1 };
const image = {
  schemaVersion: 2,
  mediaType: OCI_IMAGE_MANIFEST,
  config: descriptor,
  layers: [descriptor],
  subject,
  annotations: { a: 'b' },
};
const index = {
  schemaVersion: 2,
  mediaType: OCI_IMAGE_INDEX,
  manifests: [{ ...descriptor, platform: { os: 'linux' } }],
  artifactType: 'a/c',
};

const read = (value: object, type?: string) => parseManifest(Buffer.from(JSON.stringify(value)), type);

describe('parseManifest', () => {
  it('reads what the registry acts on', () => {
    expect(read(image, OCI_IMAGE_MANIFEST)).toMatchObject({
      mediaType: OCI_IMAGE_MANIFEST,
      content: {
        kind: 'image',
        config: descriptor,
        layers: [descriptor],
        foreignLayers: [],
        children: [],
        subject,
        artifactType: 'a/b',
        annotations: { a: 'b' },
      },
    });
    expect(read(index).content).toMatchObject({
      kind: 'index',
      layers: [],
      children: [{ digest, platform: { os: 'linux' } }],
      artifactType: 'a/c',
    });
  });

  it('keeps foreign layers apart from those that must be there (P6)', () => {
    const foreign = {
      ...descriptor,
      mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      urls: ['https://x'],
    };
    const { content } = read({ ...image, layers: [foreign, descriptor] });
    expect(content.layers).toMatchObject([descriptor]);
    expect(content.foreignLayers).toMatchObject([foreign]);
  });

  it('takes null for absent where Go writes it, and an empty artifactType for none', () => {
    const { content } = read({ ...image, subject: null, annotations: null, artifactType: '' });
    expect([content.subject, content.annotations, content.artifactType]).toEqual([undefined, undefined, 'a/b']);
  });

  it('lets unknown members be anything, odd numbers included', () => {
    expect(read({ ...image, 'x-custom': { size: 1.5, Layers: [-1], digest: 5 } }).content.layers).toHaveLength(1);
  });

  it('answers any bytes with content or a MANIFEST_INVALID, never with another error (S108)', () => {
    const random = new Random(17);
    const samples = [image, index].map((value) => Buffer.from(JSON.stringify(value)));
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = random.mutate(random.pick(samples));
      try {
        const { content } = parseManifest(bytes, random.pick([undefined, OCI_IMAGE_MANIFEST, OCI_IMAGE_INDEX]));
        accepted++;
        for (const { size } of [...content.layers, ...content.children]) expect(Number.isSafeInteger(size)).toBe(true);
      } catch (error) {
        if (!(error instanceof RegistryError) || error.code !== 'MANIFEST_INVALID') throw error;
      }
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it('answers random structures the same way', () => {
    const random = new Random(19);
    const anything = (depth: number): unknown => {
      if (depth > 3) return random.pick([null, 0, -1, 1.5, '', 'x', digest, true, OCI_IMAGE_MANIFEST]);
      return random.chance(0.5) ? random.list(3, () => anything(depth + 1)) : object(depth + 1);
    };
    const names = [
      'schemaVersion',
      'mediaType',
      'config',
      'layers',
      'manifests',
      'subject',
      'annotations',
      'digest',
      'size',
      'data',
      'urls',
      'platform',
      'artifactType',
      '__proto__',
    ];
    const object = (depth: number): object =>
      Object.fromEntries(random.list(6, () => [random.pick(names), anything(depth)]));
    for (let round = 0; round < 5000; round++) {
      const value = { ...image, ...object(0), schemaVersion: 2 };
      try {
        read(value, random.pick([undefined, OCI_IMAGE_MANIFEST]));
      } catch (error) {
        expect(error).toMatchObject({ code: 'MANIFEST_INVALID' });
      }
    }
  });
});
