import { type Digest, parseManifest, type Tag } from '@moorage/distribution';
import type { Artifact } from '@moorage/testing';
import { change, type RegistryFixture, scope } from '../src/registry/testing/registry-fixture.ts';

/** Pushes an artifact as a client does: blobs, children, root; the tags go to the root. */
export async function pushArtifact(
  fixture: RegistryFixture,
  repository: { readonly projectId: number; readonly name: string },
  artifact: Artifact,
  tags: readonly string[] = artifact.tag === undefined ? [] : [artifact.tag],
): Promise<string> {
  const context = change(scope(repository.projectId, repository.name));
  for (const { descriptor, bytes } of artifact.blobs) {
    fixture.bytes.set(descriptor.digest as Digest, bytes);
    await fixture.store.linkBlob(context, { digest: descriptor.digest as Digest, size: bytes.length });
  }
  for (const { descriptor, bytes } of artifact.manifests) {
    const outcome = await fixture.store.putManifest(context, {
      digest: descriptor.digest as Digest,
      payload: bytes,
      ...parseManifest(bytes, descriptor.mediaType),
      tags: descriptor.digest === artifact.root.descriptor.digest ? (tags as Tag[]) : [],
      allowMissing: false,
    });
    if (outcome.status !== 'stored') throw new Error(`the push of ${descriptor.digest} ended as ${outcome.status}`);
  }
  return artifact.root.descriptor.digest;
}
