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

export interface FilesystemStores extends FilesystemContentStores {
  readonly metadata: MetadataStore;
}

/** All three stores in one directory. Processes of one host may share it. */
export async function openFilesystemStores(
  root: string,
  options: { readonly now?: () => Date } = {},
): Promise<FilesystemStores> {
  const content = await openFilesystemContent(root);
  const database = new MetadataDatabase(new StoreLayout(root).metadata(), options.now ?? (() => new Date()));
  const keeper = new ClaimKeeper(database);
  return {
    blobs: content.blobs,
    uploads: content.uploads,
    metadata: {
      ...filesystemRepositoryBlobs(database),
      ...filesystemUploadSessions(database, keeper),
      ...filesystemManifests(database),
      ...filesystemLists(database),
    },
    close: async () => {
      await content.close();
      keeper.close();
      database.close();
    },
  };
}
