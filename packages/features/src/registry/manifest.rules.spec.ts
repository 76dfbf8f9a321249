import type { ContentDescriptor, Digest, ManifestContent, Tag } from '@moorage/distribution';
import { describe, expect, test } from 'vitest';
import { accessoryOf, artifactTypeOf, namedBlobs } from './manifest.rules.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}` as Digest;
const HEX = 'a'.repeat(64);

function blob(mediaType: string, annotations?: Record<string, string>): ContentDescriptor {
  return { digest: `sha256:${'b'.repeat(64)}` as Digest, size: 1, mediaType, ...(annotations ? { annotations } : {}) };
}

function content(part: Partial<ManifestContent> = {}): ManifestContent {
  return { kind: 'image', layers: [], foreignLayers: [], children: [], ...part };
}

/** As the engine reads an image: the artifact type falls back to the type of the config. */
function withConfig(mediaType: string, part: Partial<ManifestContent> = {}): ManifestContent {
  return content({ config: blob(mediaType), artifactType: mediaType, ...part });
}

describe('the type of an artifact (ART-3)', () => {
  test.each<[string, ManifestContent, string]>([
    ['an OCI image', withConfig('application/vnd.oci.image.config.v1+json'), 'IMAGE'],
    ['a docker image', withConfig('application/vnd.docker.container.image.v1+json'), 'IMAGE'],
    ['an index', content({ kind: 'index' }), 'IMAGE'],
    ['a chart', withConfig('application/vnd.cncf.helm.config.v1+json'), 'CHART'],
    ['a CNAB by its config', withConfig('application/vnd.cnab.config.v1+json'), 'CNAB'],
    [
      'a CNAB index by its annotation',
      content({
        kind: 'index',
        annotations: { 'org.opencontainers.artifactType': 'application/vnd.cnab.manifest.v1' },
      }),
      'CNAB',
    ],
    ['a WASM module by its config', withConfig('application/vnd.wasm.config.v1+json'), 'WASM'],
    [
      'a WASM module in an image',
      withConfig('application/vnd.oci.image.config.v1+json', {
        annotations: { 'module.wasm.image/variant': 'compat' },
      }),
      'WASM',
    ],
    ['a model by its config', withConfig('application/vnd.cncf.model.config.v1+json'), 'CNAI'],
    [
      'a model by its artifact type',
      withConfig('application/vnd.oci.empty.v1+json', { artifactType: 'application/vnd.cncf.model.manifest.v1+json' }),
      'CNAI',
    ],
    ['an SBOM', withConfig('application/vnd.oci.empty.v1+json', { artifactType: 'application/spdx+json' }), 'SBOM'],
    [
      "Harbor's SBOM",
      withConfig('application/vnd.oci.image.config.v1+json', {
        artifactType: 'application/vnd.goharbor.harbor.sbom.v1',
      }),
      'SBOM',
    ],
    ['a type of its own', withConfig('application/vnd.acme.rocket.config.v1+json'), 'ROCKET'],
    ['a type of its own with dots', withConfig('application/vnd.acme.rocket.fuel.config.v2'), 'ROCKET.FUEL'],
    ['a type without the pattern', withConfig('application/vnd.cncf.notary.signature'), 'UNKNOWN'],
    ['no type at all', content({ layers: [blob('text/plain')] }), 'UNKNOWN'],
    ['a hostile type', withConfig(`application/vnd.${'a.config.'.repeat(20_000)}`), 'UNKNOWN'],
  ])('%s', (_, manifest, expected) => {
    expect(artifactTypeOf(manifest)).toBe(expected);
  });
});

describe('an accessory (ART-5)', () => {
  const subject: ContentDescriptor = { ...blob('application/vnd.oci.image.manifest.v1+json'), digest: SUBJECT };
  const bySubject = (artifactType?: string) => content({ subject, ...(artifactType ? { artifactType } : {}) });
  const signatureLayer = blob('application/vnd.dev.cosign.simplesigning.v1+json');
  const nydus = (source: string) =>
    content({
      layers: [blob('application/vnd.oci.image.layer.v1.tar', { 'containerd.io/snapshot/nydus-bootstrap': 'true' })],
      annotations: { 'io.goharbor.artifact.v1alpha1.acceleration.source.digest': source },
    });

  test.each<[string, ManifestContent, string[], string | null]>([
    ['any subject', bySubject('application/vnd.example'), [], 'subject.accessory'],
    ['a subject without a type', bySubject(), [], 'subject.accessory'],
    ['a cosign signature', bySubject('application/vnd.dev.cosign.artifact.sig.v1+json'), [], 'signature.cosign'],
    ['a sigstore bundle', bySubject('application/vnd.dev.sigstore.bundle.v0.3+json'), [], 'signature.cosign'],
    ['a notation signature', bySubject('application/vnd.cncf.notary.signature'), [], 'signature.notation'],
    ["Harbor's SBOM", bySubject('application/vnd.goharbor.harbor.sbom.v1'), [], 'sbom.harbor'],
    ["somebody else's SBOM", bySubject('application/spdx+json'), [], 'subject.accessory'],
    ['a signature under its tag', content({ layers: [signatureLayer] }), [`sha256-${HEX}.sig`], 'signature.cosign'],
    ['an attestation under its tag', content(), [`sha256-${HEX}.att`], 'subject.accessory'],
    ['an SBOM under its tag', content(), ['latest', `sha256-${HEX}.sbom`], 'subject.accessory'],
    ['an image under the tag of a signature', content({ layers: [blob('a/b')] }), [`sha256-${HEX}.sig`], null],
    ['the fallback tag of the referrers API', content(), [`sha256-${HEX}`], null],
    ['a tag with another ending', content({ layers: [signatureLayer] }), [`sha256-${HEX}.foo`], null],
    ['a tag with a short digest', content({ layers: [signatureLayer] }), ['sha256-abc.sig'], null],
    ['an ordinary image', content(), ['v1.sig', 'latest'], null],
    ['a nydus image', nydus(SUBJECT), [], 'accelerator.nydus'],
    ['a nydus image of nothing', nydus('sha256:x'), [], null],
  ])('%s', (_, manifest, tags, type) => {
    const accessory = accessoryOf(manifest, tags as Tag[]);
    expect(accessory).toEqual(type === null ? null : { subject: SUBJECT, type });
  });
});

test('the blobs of an image come in order with their roles', () => {
  const manifest = content({ config: blob('c'), layers: [blob('l1'), blob('l2')], foreignLayers: [blob('f')] });
  expect(namedBlobs(manifest).map(({ role, descriptor }) => `${role} ${descriptor.mediaType}`)).toEqual([
    'config c',
    'layer l1',
    'layer l2',
    'foreign f',
  ]);
});
