import { randomBytes } from 'node:crypto';
import { type Digest, type DigestAlgorithm, digestOf } from '../../digest.ts';
import { OCI_IMAGE_INDEX, OCI_IMAGE_MANIFEST } from '../../manifest/media-type.ts';

export const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
export const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';
export const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';

/** Bytes under their digest. */
export interface Content {
  readonly bytes: Buffer;
  readonly digest: Digest;
}

export interface Manifest extends Content {
  readonly mediaType: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function content(bytes: Buffer, algorithm: DigestAlgorithm = 'sha256'): Content {
  return { bytes, digest: digestOf(bytes, algorithm) };
}

export function randomContent(size = 2048, algorithm: DigestAlgorithm = 'sha256'): Content {
  return content(randomBytes(size), algorithm);
}

export function describeContent({ bytes, digest }: Content, mediaType: string): Descriptor {
  return { mediaType, digest, size: bytes.length };
}

/** A manifest from any JSON value, or from text that is meant to be odd. */
export function manifest(value: object | string, mediaType: string, algorithm: DigestAlgorithm = 'sha256'): Manifest {
  return { ...content(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), algorithm), mediaType };
}

export interface ManifestExtras {
  readonly algorithm?: DigestAlgorithm;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An OCI image manifest; an annotation makes it unlike any other. */
export function image(
  config: Content,
  layers: readonly Content[],
  { algorithm, members }: ManifestExtras = {},
): Manifest {
  const value = {
    schemaVersion: 2,
    mediaType: OCI_IMAGE_MANIFEST,
    config: describeContent(config, CONFIG_TYPE),
    layers: layers.map((layer) => describeContent(layer, LAYER_TYPE)),
    annotations: unique(),
    ...members,
  };
  return manifest(value, OCI_IMAGE_MANIFEST, algorithm);
}

/** An OCI index over manifests. */
export function index(children: readonly Manifest[], { algorithm, members }: ManifestExtras = {}): Manifest {
  const value = {
    schemaVersion: 2,
    mediaType: OCI_IMAGE_INDEX,
    manifests: children.map((child) => describeContent(child, child.mediaType)),
    annotations: unique(),
    ...members,
  };
  return manifest(value, OCI_IMAGE_INDEX, algorithm);
}

export function unique(): Record<string, string> {
  return { 'test.moorage.unique': randomBytes(8).toString('hex') };
}
