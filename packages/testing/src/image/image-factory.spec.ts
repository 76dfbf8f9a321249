import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ArtifactFactory } from './artifact-factory.ts';
import type { Artifact } from './content.ts';
import { ImageFactory } from './image-factory.ts';
import { seededBytes, seededDigest, seededStream } from './seeded-bytes.ts';
import { tarOf } from './tar.ts';

const read = (artifact: Artifact) => JSON.parse(artifact.root.bytes.toString());
const digests = (artifact: Artifact) => artifact.blobs.map((blob) => blob.descriptor.digest);

describe('seeded bytes', () => {
  it('are the same for a seed whether taken at once, as a stream or as a digest', async () => {
    const size = 2 * 1024 * 1024 + 17;
    const bytes = seededBytes('a', size);
    expect(await buffer(seededStream('a', size))).toEqual(bytes);
    expect(seededDigest('a', size)).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    expect(seededBytes('b', size).equals(bytes)).toBe(false);
  });
});

describe('tar archives', () => {
  it('are what tar reads: files with modes, directories and links', () => {
    const archive = tarOf([
      { path: 'bin/' },
      { path: 'bin/run', content: '#!', mode: 0o755 },
      { path: 'bin/link', linkTo: 'run' },
    ]);
    const listing = execFileSync('tar', ['-tvf', '-'], { input: archive, encoding: 'utf8' }).trim().split('\n');
    expect(listing.map((line) => line.split(/\s+/)[0])).toEqual(['drwxr-xr-x', '-rwxr-xr-x', 'lrw-r--r--']);
    expect(listing[2]).toContain('bin/link -> run');
  });
});

describe('ImageFactory', () => {
  it('gives equal artifacts for equal seeds and different layers within one factory', () => {
    const [first, second] = [new ImageFactory('seed'), new ImageFactory('seed')];
    const image = first.image();
    expect(second.image()).toEqual(image);
    expect(first.image().root.descriptor.digest).not.toBe(image.root.descriptor.digest);
  });

  it('names every blob a manifest refers to, and the uncompressed digests in the config', () => {
    const image = new ImageFactory('refs').image({ layerSizes: [10, 3000] });
    const manifest = read(image);
    const named = [manifest.config, ...manifest.layers].map((descriptor) => descriptor.digest);
    expect(digests(image)).toEqual(named);
    const config = JSON.parse(image.blobs[0]?.bytes.toString() ?? '');
    const archive = gunzipSync(image.blobs[1]?.bytes ?? Buffer.alloc(0));
    expect(config.rootfs.diff_ids[0]).toBe(`sha256:${createHash('sha256').update(archive).digest('hex')}`);
  });

  it('puts children before their index and shares nothing it does not have to', () => {
    const nested = new ImageFactory('nested').nestedIndex();
    const order = nested.manifests.map((manifest) => manifest.descriptor.digest);
    for (const [position, manifest] of nested.manifests.entries()) {
      const children: { digest: string }[] = JSON.parse(manifest.bytes.toString()).manifests ?? [];
      for (const child of children) expect(order.indexOf(child.digest)).toBeLessThan(position);
    }
    expect(nested.manifests).toHaveLength(7);
    expect(nested.manifests.at(-1)).toBe(nested.root);
  });

  it('names everything of a sha512 index by sha512', () => {
    const index = new ImageFactory('sha512').sha512Index();
    const all = [...index.manifests, ...index.blobs].map((content) => content.descriptor.digest);
    expect(all.every((digest) => /^sha512:[0-9a-f]{128}$/.test(digest))).toBe(true);
  });

  it('makes a manifest just under 4 MiB', () => {
    const { size } = new ImageFactory('large').imageWithLargeManifest().root.descriptor;
    expect(size).toBeLessThan(4 * 1024 * 1024);
    expect(size).toBeGreaterThan(3.9 * 1024 * 1024);
  });

  it('leaves foreign layers out of what is pushed', () => {
    const image = new ImageFactory('foreign').imageWithForeignLayers();
    const [, foreign] = read(image).layers;
    expect(foreign.urls).toHaveLength(1);
    expect(digests(image)).not.toContain(foreign.digest);
  });
});

describe('ArtifactFactory', () => {
  const images = new ImageFactory('artifacts');
  const artifacts = new ArtifactFactory(images);
  const subject = images.image().root.descriptor;

  it('finds signatures in tag form by the name cosign looks for', () => {
    const signature = artifacts.cosignSignature(subject, 'library/app');
    expect(signature.tag).toBe(`sha256-${subject.digest.slice(7)}.sig`);
    expect(read(signature).subject).toBeUndefined();
  });

  it('refers bundles, attestations and material lists to their subject with their own type', () => {
    for (const artifact of [artifacts.cosignBundle(subject), artifacts.attestation(subject), artifacts.sbom(subject)]) {
      expect(read(artifact).subject.digest).toBe(subject.digest);
      expect(read(artifact).artifactType).toMatch(/^application\//);
    }
  });

  it('writes build caches as an index of blobs', () => {
    const cache = artifacts.buildkitCache();
    expect(cache.manifests).toHaveLength(1);
    expect(read(cache).manifests.map((entry: { digest: string }) => entry.digest)).toEqual(digests(cache));
  });

  it('makes an attestation both a child of the index and a referrer of its sibling', () => {
    const index = artifacts.attestedIndex();
    const [image, attestation] = read(index).manifests;
    expect(attestation.platform).toEqual({ os: 'unknown', architecture: 'unknown' });
    const manifest = index.manifests.find((entry) => entry.descriptor.digest === attestation.digest);
    expect(JSON.parse(manifest?.bytes.toString() ?? '').subject.digest).toBe(image.digest);
  });
});
