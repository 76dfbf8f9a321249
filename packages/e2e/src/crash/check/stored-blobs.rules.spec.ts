import { describe, expect, it } from 'vitest';
import { contentNeededBy } from './stored-blobs.rules.ts';

const part = (digest: string, size: number, mediaType = 'layer') => ({ digest, size, mediaType });
const manifest = (repository: string, digest: string, body: object, project = 1) => ({
  repository,
  project,
  digest,
  payload: Buffer.from(JSON.stringify(body)),
});

describe('what manifests need', () => {
  it('is configs and layers, each digest once a project, with the manifests themselves', () => {
    const image = { config: part('c', 10), layers: [part('l', 100), part('l', 100)] };
    const size = Buffer.byteLength(JSON.stringify(image));
    const needed = contentNeededBy([
      manifest('a/x', 'm1', image),
      manifest('a/y', 'm1', image),
      manifest('b/x', 'm1', image, 2),
    ]);
    expect([...needed.blobs].sort()).toEqual(['c', 'l']);
    expect(needed.bytesByProject).toEqual(
      new Map([
        [1, 110 + size],
        [2, 110 + size],
      ]),
    );
  });

  it('is entries of an index that are blobs, not those that are manifests, nor foreign layers', () => {
    const child = { layers: [part('f', 7, 'application/vnd.oci.image.layer.nondistributable.v1.tar')] };
    const index = { manifests: [part('m1', 50), part('cache', 70)] };
    const needed = contentNeededBy([manifest('a/x', 'm1', child), manifest('a/x', 'i1', index)]);
    expect([...needed.blobs]).toEqual(['cache']);
  });
});
