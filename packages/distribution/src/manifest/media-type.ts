export const OCI_IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_IMAGE_INDEX = 'application/vnd.oci.image.index.v1+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const DOCKER_MANIFEST_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';

export type ManifestKind = 'image' | 'index';

/** The accepted manifest types and how each is read (P4). */
export const MANIFEST_KINDS: ReadonlyMap<string, ManifestKind> = new Map([
  [OCI_IMAGE_MANIFEST, 'image'],
  [OCI_IMAGE_INDEX, 'index'],
  [DOCKER_MANIFEST, 'image'],
  [DOCKER_MANIFEST_LIST, 'index'],
]);

/** Types that existed once and are refused by name, so that the user learns what to do. */
export const WITHDRAWN_TYPES: ReadonlyMap<string, string> = new Map([
  [
    'application/vnd.docker.distribution.manifest.v1+json',
    'Docker schema 1 is not supported; push with a current client',
  ],
  [
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
    'Docker schema 1 is not supported; push with a current client',
  ],
  [
    'application/vnd.oci.artifact.manifest.v1+json',
    'the OCI artifact manifest was withdrawn; push an image manifest with artifactType instead',
  ],
]);

const FOREIGN_LAYER = 'application/vnd.docker.image.rootfs.foreign.diff.tar';
const NONDISTRIBUTABLE_LAYER = 'application/vnd.oci.image.layer.nondistributable.v1.tar';

/** Layers that by their type live elsewhere and need not be in the registry (P6). */
export function isForeignLayer(mediaType: string): boolean {
  return mediaType.startsWith(NONDISTRIBUTABLE_LAYER) || mediaType.startsWith(FOREIGN_LAYER);
}

/** A Content-Type without its parameters, in lower case (P3). */
export function essenceOf(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
