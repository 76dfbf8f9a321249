import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Artifact } from '@moorage/testing';

/** Writes an artifact as an OCI image layout, the form in which skopeo, crane and oras take images from disk. */
export function writeLayout(directory: string, artifact: Artifact, tag: string): void {
  const put = (path: string, bytes: Buffer | string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), bytes);
  };
  for (const { descriptor, bytes } of [...artifact.manifests, ...artifact.blobs])
    put(`blobs/${descriptor.digest.replace(':', '/')}`, bytes);
  const { mediaType, digest, size } = artifact.root.descriptor;
  const entry = { mediaType, digest, size, annotations: { 'org.opencontainers.image.ref.name': tag } };
  put('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  put('index.json', JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
}
