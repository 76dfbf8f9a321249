import type { ContentDescriptor, Digest, ManifestContent, Tag } from '@moorage/distribution';
import { parseDigest } from '@moorage/distribution';

/** Of what a manifest is an accessory, and of which kind (ART-5). Kinds are Harbor's. */
export interface Accessory {
  readonly subject: Digest;
  readonly type: 'signature.cosign' | 'signature.notation' | 'sbom.harbor' | 'accelerator.nydus' | 'subject.accessory';
}

const IMAGE_CONFIGS = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);
/** Artifact types, config types and the like by the name Harbor gives them (ART-3). */
const NAMED_TYPES: ReadonlyMap<string, string> = new Map([
  ['application/vnd.cncf.helm.config.v1+json', 'CHART'],
  ['application/vnd.cnab.config.v1+json', 'CNAB'],
  ['application/vnd.cnab.manifest.v1', 'CNAB'],
  ['application/vnd.wasm.config.v1+json', 'WASM'],
  ['application/vnd.wasm.config.v0+json', 'WASM'],
  ['application/vnd.cncf.model.config.v1+json', 'CNAI'],
  ['application/vnd.cncf.model.manifest.v1+json', 'CNAI'],
  ['application/vnd.goharbor.harbor.sbom.v1', 'SBOM'],
  ['application/spdx+json', 'SBOM'],
  ['text/spdx', 'SBOM'],
  ['text/spdx+json', 'SBOM'],
  ['application/vnd.cyclonedx+json', 'SBOM'],
  ['application/vnd.cyclonedx', 'SBOM'],
  ['application/vnd.syft+json', 'SBOM'],
]);
/** Old clients that build indexes say what they are by this annotation. */
const ARTIFACT_TYPE_ANNOTATION = 'org.opencontainers.artifactType';
const WASM_VARIANT_ANNOTATION = 'module.wasm.image/variant';

const COSIGN_SIGNATURE_TYPES = new Set([
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.dev.cosign.simplesigning.v1+json',
]);
const SIGSTORE_BUNDLE = 'application/vnd.dev.sigstore.bundle';
const NOTATION_SIGNATURE = 'application/vnd.cncf.notary.signature';
const HARBOR_SBOM = 'application/vnd.goharbor.harbor.sbom.v1';
const NYDUS_BOOTSTRAP_ANNOTATION = 'containerd.io/snapshot/nydus-bootstrap';
const ACCELERATION_SOURCE_ANNOTATION = 'io.goharbor.artifact.v1alpha1.acceleration.source.digest';

/** Harbor's type of an artifact: IMAGE, CHART, CNAB, WASM, CNAI, SBOM, else derived from its media type, else UNKNOWN. */
export function artifactTypeOf(content: ManifestContent): string {
  const { config, annotations } = content;
  if (annotations?.[WASM_VARIANT_ANNOTATION] !== undefined) return 'WASM';
  const candidates = [content.artifactType, config?.mediaType, annotations?.[ARTIFACT_TYPE_ANNOTATION]];
  for (const candidate of candidates) {
    const named = candidate === undefined ? undefined : NAMED_TYPES.get(candidate);
    if (named !== undefined) return named;
  }
  const described = candidates.find((candidate) => candidate !== undefined);
  if (described === undefined) return content.kind === 'index' || isEmptyImage(content) ? 'IMAGE' : 'UNKNOWN';
  return IMAGE_CONFIGS.has(described) ? 'IMAGE' : derivedType(described);
}

function isEmptyImage(content: ManifestContent): boolean {
  return content.config === undefined && content.layers.length === 0;
}

/** `application/vnd.acme.rocket.config.v1+json` is a ROCKET, as in Harbor; other types have no short name. */
function derivedType(mediaType: string): string {
  const match = /^application\/vnd\.[^.]{1,100}\.(.{1,100})\.config\.[^.]{1,100}$/.exec(mediaType);
  return match?.[1]?.toUpperCase() ?? 'UNKNOWN';
}

/** Whether the manifest is an image by its config: what gets a platform and, in Harbor, image attributes. */
export function isImage(content: ManifestContent): boolean {
  return content.config !== undefined && IMAGE_CONFIGS.has(content.config.mediaType);
}

/**
 * Classifies an accessory: by its OCI subject, by cosign's tag scheme, or by nydus' annotations; null for everything
 * else. The referrers fallback tag (`sha256-<hex>` without a suffix) is an ordinary tag.
 */
export function accessoryOf(content: ManifestContent, tags: readonly Tag[]): Accessory | null {
  const nydus = nydusSource(content);
  if (nydus) return { subject: nydus, type: 'accelerator.nydus' };
  if (content.subject) return { subject: content.subject.digest, type: subjectAccessoryType(content) };
  for (const tag of tags) {
    const accessory = cosignTagAccessory(content, tag);
    if (accessory) return accessory;
  }
  return null;
}

function subjectAccessoryType(content: ManifestContent): Accessory['type'] {
  const types = [content.artifactType, content.config?.mediaType].filter((type) => type !== undefined);
  if (types.some((type) => COSIGN_SIGNATURE_TYPES.has(type) || type.startsWith(SIGSTORE_BUNDLE))) {
    return 'signature.cosign';
  }
  if (types.includes(NOTATION_SIGNATURE)) return 'signature.notation';
  return types.includes(HARBOR_SBOM) ? 'sbom.harbor' : 'subject.accessory';
}

/** cosign before OCI subjects: `sha256-<hex>.sig`, `.att` and `.sbom` name what they belong to. */
function cosignTagAccessory(content: ManifestContent, tag: Tag): Accessory | null {
  const dot = tag.lastIndexOf('.');
  const suffix = tag.slice(dot + 1);
  if (dot < 0 || !tag.startsWith('sha256-') || !['sig', 'att', 'sbom'].includes(suffix)) return null;
  const subject = parseDigest(tag.slice(0, dot).replace('-', ':'));
  if (!subject) return null;
  if (suffix !== 'sig') return { subject, type: 'subject.accessory' };
  // Anybody may push any image under such a tag; only one with a signature layer counts as a signature.
  return content.layers.some((layer) => COSIGN_SIGNATURE_TYPES.has(layer.mediaType))
    ? { subject, type: 'signature.cosign' }
    : null;
}

function nydusSource(content: ManifestContent): Digest | null {
  const source = content.annotations?.[ACCELERATION_SOURCE_ANNOTATION];
  const isNydus = content.layers.some((layer) => layer.annotations?.[NYDUS_BOOTSTRAP_ANNOTATION] === 'true');
  return source !== undefined && isNydus ? parseDigest(source) : null;
}

/** A blob a manifest names, and in which role. */
export interface NamedBlob {
  readonly role: 'config' | 'layer' | 'foreign';
  readonly descriptor: ContentDescriptor;
}

/** The blobs of an image in order: config, layers, foreign layers. */
export function namedBlobs(content: ManifestContent): NamedBlob[] {
  return [
    ...(content.config ? [{ role: 'config', descriptor: content.config } as const] : []),
    ...content.layers.map((descriptor) => ({ role: 'layer', descriptor }) as const),
    ...content.foreignLayers.map((descriptor) => ({ role: 'foreign', descriptor }) as const),
  ];
}
