import type { MetadataStore } from '../../ports/index.ts';
import { ClaimKeeper } from './claim-keeper.ts';
import { createDirectory } from './durable-directory.ts';
import { FilesystemBlobStore } from './filesystem-blob-store.ts';
import { filesystemLists } from './filesystem-lists.ts';
import { filesystemManifests } from './filesystem-manifests.ts';
import { filesystemRepositoryBlobs } from './filesystem-repository-blobs.ts';
import { filesystemUploadSessions } from './filesystem-upload-sessions.ts';
import { FilesystemUploadStore } from './filesystem-upload-store.ts';
import { StoreLayout } from './layout.ts';
import { MetadataDatabase } from './metadata-database.ts';

export interface FilesystemContentStores {
  readonly blobs: FilesystemBlobStore;
  readonly uploads: FilesystemUploadStore;
  /** Closes what is open. Nothing is lost: uploads can be continued by the next process. */
  close(): Promise<void>;
}

/** Bytes in a directory, for a registry that keeps its metadata elsewhere. Creates the directory; its parent must exist. */
export async function openFilesystemContent(root: string): Promise<FilesystemContentStores> {
  const layout = new StoreLayout(root);
  for (const directory of layout.fixedDirectories()) await createDirectory(directory);
  const uploads = new FilesystemUploadStore(layout);
  return { blobs: new FilesystemBlobStore(layout), uploads, close: () => uploads.close() };
}

export interface FilesystemMetadata {
  readonly metadata: MetadataStore;
  close(): void;
}

/** Metadata of the standalone engine in `root`, which must exist. Processes of one host may share it. */
export function openFilesystemMetadata(root: string, options: { readonly now?: () => Date } = {}): FilesystemMetadata {
  const database = new MetadataDatabase(new StoreLayout(root).metadata(), options.now ?? (() => new Date()));
  const keeper = new ClaimKeeper(database);
  const metadata: MetadataStore = {
    ...filesystemRepositoryBlobs(database),
    ...filesystemUploadSessions(database, keeper),
    ...filesystemManifests(database),
    ...filesystemLists(database),
  };
  const close = () => {
    keeper.close();
    database.close();
  };
  return { metadata, close };
}
