import type { MetadataStore } from '../../ports/index.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { memoryLists } from './memory-lists.ts';
import { memoryManifests } from './memory-manifests.ts';
import { memoryRepositoryBlobs } from './memory-repository-blobs.ts';
import { MemoryState } from './memory-state.ts';
import { memoryUploadSessions } from './memory-upload-sessions.ts';
import { MemoryUploadStore } from './memory-upload-store.ts';

export interface MemoryStores {
  readonly blobs: MemoryBlobStore;
  readonly uploads: MemoryUploadStore;
  readonly metadata: MetadataStore;
}

/** All three stores in memory. Everything is gone with the process. */
export function createMemoryStores(options: { readonly now?: () => Date } = {}): MemoryStores {
  const now = options.now ?? (() => new Date());
  const blobs = new MemoryBlobStore();
  return { blobs, uploads: new MemoryUploadStore(blobs, now), metadata: createMemoryMetadataStore({ now }) };
}

/** Metadata in plain collections: the most readable implementation of the port. */
export function createMemoryMetadataStore(options: { readonly now?: () => Date } = {}): MetadataStore {
  const state = new MemoryState(options.now ?? (() => new Date()));
  return {
    ...memoryRepositoryBlobs(state),
    ...memoryUploadSessions(state),
    ...memoryManifests(state),
    ...memoryLists(state),
  };
}
