import { describeLists } from './lists.ts';
import { describeManifests } from './manifests.ts';
import type { OpenMetadata } from './metadata-fixture.ts';
import { describeRepositoryBlobs } from './repository-blobs.ts';
import { describeUploadSessions } from './upload-sessions.ts';

export { type ContentFixture, describeContentStores } from './content-stores.ts';
export type { MetadataFixture, OpenMetadata } from './metadata-fixture.ts';

/** The whole contract of a MetadataStore. `open` is called for every test and gives an empty store. */
export function describeMetadataStore(title: string, open: OpenMetadata): void {
  describeRepositoryBlobs(title, open);
  describeUploadSessions(title, open);
  describeManifests(title, open);
  describeLists(title, open);
}
