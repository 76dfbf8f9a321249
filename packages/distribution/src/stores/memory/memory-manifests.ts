import type { Digest } from '../../digest.ts';
import { MAX_INDEX_DEPTH } from '../../manifest.ts';
import type { Manifests, NewManifest } from '../../ports/index.ts';
import type { Reference } from '../../reference.ts';
import { type MemoryManifest, type MemoryRepository, type MemoryState, requiredDigests } from './memory-state.ts';

export function memoryManifests(state: MemoryState): Manifests {
  return {
    async putManifest(context, manifest) {
      const known = state.find(context.repository);
      if (!conditionHolds(known, manifest)) return { status: 'changed' };
      const missing = manifest.allowMissing ? [] : missingDigests(known, manifest);
      if (missing.length > 0) return { status: 'missing', digests: missing };
      const depth = depthOf(known, manifest);
      if (depth > MAX_INDEX_DEPTH) return { status: 'too-deep' };
      const repository = state.findOrCreate(context.repository);
      if (!repository.manifests.has(manifest.digest)) {
        const { digest, mediaType, payload, content } = manifest;
        const size = payload.length;
        const sequence = state.nextSequence();
        repository.manifests.set(digest, { digest, mediaType, size, payload, content, sequence, depth });
      }
      for (const tag of manifest.tags) repository.tags.set(tag, manifest.digest);
      return { status: 'stored' };
    },

    async findManifest(scope, reference) {
      const found = resolve(state.find(scope), reference);
      return found ? { digest: found.digest, mediaType: found.mediaType, size: found.size } : null;
    },

    async readManifest(scope, digest) {
      return state.find(scope)?.manifests.get(digest) ?? null;
    },

    async deleteManifest(context, reference) {
      const repository = state.find(context.repository);
      if (!repository || !resolve(repository, reference)) return { status: 'missing' };
      if (reference.tag !== undefined) {
        repository.tags.delete(reference.tag);
        return { status: 'deleted' };
      }
      const { digest } = reference;
      if (isChild(repository, digest)) {
        return { status: 'refused', message: 'an index of this repository lists the manifest; delete the index first' };
      }
      repository.manifests.delete(digest);
      for (const [tag, target] of repository.tags) if (target === digest) repository.tags.delete(tag);
      return { status: 'deleted' };
    },
  };
}

function resolve(repository: MemoryRepository | undefined, reference: Reference): MemoryManifest | undefined {
  const digest = reference.tag ? repository?.tags.get(reference.tag) : reference.digest;
  return digest && repository?.manifests.get(digest);
}

function conditionHolds(repository: MemoryRepository | undefined, manifest: NewManifest): boolean {
  const { onlyIf, tags, digest } = manifest;
  if (onlyIf === undefined) return true;
  if (onlyIf === 'absent') {
    if (tags.length === 0) return !repository?.manifests.has(digest);
    return tags.every((tag) => !repository?.tags.has(tag));
  }
  return tags.every((tag) => {
    const current = repository?.tags.get(tag);
    return current !== undefined && onlyIf.includes(current);
  });
}

/** Config and layers must be blobs; a child may be a manifest or, in old build caches, a blob (P7). */
function missingDigests(repository: MemoryRepository | undefined, manifest: NewManifest): Digest[] {
  const { config, layers, children } = manifest.content;
  const blobs = config ? [config, ...layers] : layers;
  const missing = new Set<Digest>();
  for (const { digest } of blobs) if (!repository?.blobs.has(digest)) missing.add(digest);
  for (const { digest } of children) {
    if (!repository?.manifests.has(digest) && !repository?.blobs.has(digest)) missing.add(digest);
  }
  return [...missing];
}

function depthOf(repository: MemoryRepository | undefined, manifest: NewManifest): number {
  if (manifest.content.kind === 'image') return 0;
  let deepest = 0;
  for (const { digest } of manifest.content.children) {
    deepest = Math.max(deepest, repository?.manifests.get(digest)?.depth ?? 0);
  }
  return deepest + 1;
}

function isChild(repository: MemoryRepository, digest: Digest): boolean {
  for (const manifest of repository.manifests.values()) {
    if (manifest.content.kind === 'index' && requiredDigests(manifest.content).has(digest)) return true;
  }
  return false;
}
