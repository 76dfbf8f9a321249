import type { RepositoryBlobs } from '../../ports/index.ts';
import { type MemoryState, requiredDigests } from './memory-state.ts';

export function memoryRepositoryBlobs(state: MemoryState): RepositoryBlobs {
  return {
    async findBlob(scope, digest) {
      const size = state.find(scope)?.blobs.get(digest);
      return size === undefined ? null : { size };
    },

    async linkBlob(context, blob) {
      state.findOrCreate(context.repository).blobs.set(blob.digest, blob.size);
      if (blob.uploadId !== undefined) state.uploads.delete(blob.uploadId);
      return { status: 'linked' };
    },

    async mountBlob(context, digest, from) {
      const size = state.find(from)?.blobs.get(digest);
      if (size === undefined) return { status: 'missing' };
      state.findOrCreate(context.repository).blobs.set(digest, size);
      return { status: 'linked' };
    },

    async findBlobSource(scope, digest) {
      for (const { name, namespaceId, blobs } of state.repositories.values()) {
        if (namespaceId === scope.namespaceId && blobs.has(digest)) return { name, namespaceId };
      }
      return null;
    },

    async unlinkBlob(context, digest) {
      const repository = state.find(context.repository);
      if (!repository?.blobs.has(digest)) return 'missing';
      for (const manifest of repository.manifests.values()) {
        if (requiredDigests(manifest.content).has(digest)) return 'referenced';
      }
      repository.blobs.delete(digest);
      return 'unlinked';
    },
  };
}
