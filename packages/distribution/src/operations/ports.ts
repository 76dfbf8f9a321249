import type { ContentCache } from '../content-cache.ts';
import type { BlobStore, MetadataStore, UploadStore } from '../ports/index.ts';

/** Everything operations work on. Each operation names the part it needs. */
export interface Ports {
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly metadata: MetadataStore;
  readonly cache: ContentCache;
}
