import { type Artifact, ArtifactFactory, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from '../target/target.ts';

const images = new ImageFactory('shapes');
const artifacts = new ArtifactFactory(images);
const subject = images.image();

const SHAPES: Readonly<Record<string, Artifact>> = {
  image: images.image(),
  'image-docker': images.dockerImage(),
  'image-sha512': images.sha512Index(),
  'image-embedded-config': images.image({ embedConfig: true }),
  'image-foreign-layers': images.imageWithForeignLayers(),
  'image-no-layers': images.image({ layerSizes: [] }),
  'image-large-manifest': images.imageWithLargeManifest(),
  index: images.index(),
  'index-docker': images.dockerList(),
  'index-empty': images.emptyIndex(),
  'index-nested': images.nestedIndex(),
  'index-attested': artifacts.attestedIndex(),
  'build-cache': artifacts.buildkitCache(),
  'helm-chart': artifacts.helmChart('harbour', '1.2.3'),
  wasm: artifacts.wasmModule(),
  artifact: artifacts.artifact({ artifactType: 'application/vnd.example.thing' }),
};

const REFERRERS: Readonly<Record<string, Artifact>> = {
  'cosign-bundle': artifacts.cosignBundle(subject.root.descriptor),
  attestation: artifacts.attestation(subject.root.descriptor),
  sbom: artifacts.sbom(subject.root.descriptor),
};

describe('everything that clients keep in registries', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start('shapes');
    await bench.client.push('shapes/subject', subject, 'v1');
  });
  afterAll(() => bench?.close());

  it.each(Object.entries(SHAPES))('%s comes back byte for byte', async (name, artifact) => {
    await bench.client.push(`shapes/${name}`, artifact);
    // By digest only, then by tag: a tag of a sha512 manifest by a plain PUT would name its sha256.
    await expect(bench.client.verify(`shapes/${name}`, artifact)).resolves.toBeUndefined();
    if (name === 'image-sha512') return;
    await bench.client.putManifest(`shapes/${name}`, artifact.root, 'v1');
    await expect(bench.client.verify(`shapes/${name}`, artifact, 'v1')).resolves.toBeUndefined();
  });

  it.each(Object.entries(REFERRERS))('%s is found by its subject and by its type', async (_name, artifact) => {
    await bench.client.push('shapes/subject', artifact);
    const { artifactType } = JSON.parse(artifact.root.bytes.toString());
    const found = await bench.client.referrers('shapes/subject', subject.root.descriptor.digest, artifactType);
    expect(found.map(({ digest }) => digest)).toEqual([artifact.root.descriptor.digest]);
    expect(found[0]?.artifactType).toBe(artifactType);
  });

  it('keeps a signature in tag form under its tag', async () => {
    const signature = artifacts.cosignSignature(subject.root.descriptor, 'shapes/subject');
    await bench.client.push('shapes/subject', signature);
    const verified = bench.client.verify('shapes/subject', signature, signature.tag);
    await expect(verified).resolves.toBeUndefined();
  });
});
