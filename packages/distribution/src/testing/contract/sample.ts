import { randomBytes } from 'node:crypto';
import { type Digest, digestOf } from '../../digest.ts';
import { OCI_IMAGE_INDEX, OCI_IMAGE_MANIFEST } from '../../manifest/media-type.ts';
import { parseManifest } from '../../manifest/parse-manifest.ts';
import type { ManifestDescriptor, NewManifest } from '../../ports/index.ts';
import { parseTag, type Tag } from '../../reference.ts';

export interface SampleBlob {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly size: number;
}

/** Bytes that no other test has. */
export function sampleBlob(size = 64): SampleBlob {
  const bytes = randomBytes(size);
  return { bytes, digest: digestOf(bytes), size };
}

export function tag(text: string): Tag {
  const parsed = parseTag(text);
  if (!parsed) throw new Error(`${text} is not a tag`);
  return parsed;
}

/** Members of a sample manifest that tests care about. */
export interface SampleOptions {
  readonly tags?: readonly Tag[];
  readonly subject?: ManifestDescriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly allowMissing?: boolean;
  readonly onlyIf?: NewManifest['onlyIf'];
}

/** An image manifest over blobs; unlike any other, even over the same blobs. */
export function sampleImage(
  config: SampleBlob,
  layers: readonly SampleBlob[],
  options: SampleOptions = {},
): NewManifest {
  return newManifest(OCI_IMAGE_MANIFEST, options, {
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: layers.map((layer) => descriptor('application/vnd.oci.image.layer.v1.tar', layer)),
  });
}

/** An index over manifests, or over blobs as old build caches have it. */
export function sampleIndex(
  children: readonly { readonly digest: Digest; readonly mediaType?: string; readonly size?: number }[],
  options: SampleOptions = {},
): NewManifest {
  return newManifest(OCI_IMAGE_INDEX, options, {
    manifests: children.map(({ digest, mediaType = OCI_IMAGE_MANIFEST, size = 1 }) => ({ digest, mediaType, size })),
  });
}

function newManifest(type: string, options: SampleOptions, members: Record<string, unknown>): NewManifest {
  const { tags = [], subject, artifactType, annotations, allowMissing = false, onlyIf } = options;
  const unique = { 'test.moorage.unique': randomBytes(8).toString('hex') };
  const payload = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      artifactType,
      ...members,
      subject: subject && { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
      annotations: { ...unique, ...annotations },
    }),
  );
  const { mediaType, content } = parseManifest(payload, type);
  return { digest: digestOf(payload), mediaType, payload, content, tags, allowMissing, onlyIf };
}

function descriptor(mediaType: string, { digest, size }: SampleBlob): Record<string, unknown> {
  return { mediaType, digest, size };
}
