import type { Digest, DigestAlgorithm } from '../digest.ts';
import type { CatalogFilter, ChangeContext, Hooks, RepositoryScope } from '../ports/index.ts';
import type { Reference } from '../reference.ts';
import { blobUrl, deleteBlob, findBlob, mountBlob, openBlob } from './blobs.ts';
import { listReferrers, listRepositories, listTags, type PageRequest } from './lists.ts';
import { deleteManifest, findManifest, type ManifestPush, putManifest, readManifest } from './manifests.ts';
import type { Ports } from './ports.ts';
import { purgeUploads } from './purge-uploads.ts';
import { appendUpload, type Chunk, cancelUpload, finishUpload, findUpload, pushBlob, startUpload } from './uploads.ts';

/**
 * Everything a registry can do, independent of HTTP, bound to its ports. Each operation raises a RegistryError for what
 * it refuses. None asks for permission: the HTTP handler does that before, and so must any other caller.
 */
export function bindOperations(ports: Ports, hooks: Pick<Hooks, 'beforeManifestPut'>) {
  return {
    findBlob: (repository: RepositoryScope, digest: Digest) => findBlob(ports, repository, digest),
    openBlob: (digest: Digest, size: number) => openBlob(ports, digest, size),
    blobUrl: (digest: Digest, lifetimeSeconds: number) => blobUrl(ports, digest, lifetimeSeconds),
    mountBlob: (context: ChangeContext, digest: Digest, from: RepositoryScope | 'anywhere') =>
      mountBlob(ports, context, digest, from),
    deleteBlob: (context: ChangeContext, digest: Digest) => deleteBlob(ports, context, digest),
    startUpload: (context: ChangeContext, algorithm?: DigestAlgorithm) => startUpload(ports, context, algorithm),
    findUpload: (context: ChangeContext, id: string) => findUpload(ports, context, id),
    appendUpload: (context: ChangeContext, id: string, chunk: Chunk) => appendUpload(ports, context, id, chunk),
    finishUpload: (context: ChangeContext, id: string, digest: Digest, chunk?: Chunk) =>
      finishUpload(ports, context, id, digest, chunk),
    pushBlob: (context: ChangeContext, digest: Digest, chunk: Chunk) => pushBlob(ports, context, digest, chunk),
    cancelUpload: (context: ChangeContext, id: string) => cancelUpload(ports, context, id),
    purgeUploads: (before: Date) => purgeUploads(ports, before),
    findManifest: (repository: RepositoryScope, reference: Reference) => findManifest(ports, repository, reference),
    readManifest: (repository: RepositoryScope, digest: Digest) => readManifest(ports, repository, digest),
    putManifest: (context: ChangeContext, push: ManifestPush) => putManifest(ports, hooks, context, push),
    deleteManifest: (context: ChangeContext, reference: Reference) => deleteManifest(ports, context, reference),
    listTags: (repository: RepositoryScope, page: PageRequest) => listTags(ports, repository, page),
    listRepositories: (filter: CatalogFilter, page: PageRequest) => listRepositories(ports, filter, page),
    listReferrers: (
      repository: RepositoryScope,
      subject: Digest,
      query: { readonly artifactTypes: readonly string[]; readonly after?: string; readonly limit?: number },
    ) => listReferrers(ports, repository, subject, query),
  };
}

export type Operations = ReturnType<typeof bindOperations>;
