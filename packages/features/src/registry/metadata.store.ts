import type {
  BlobStore,
  CatalogFilter,
  ChangeContext,
  Digest,
  DigestAlgorithm,
  MetadataStore,
  NewManifest,
  Reference,
  RepositoryScope,
} from '@moorage/distribution';
import type { TransactionalSql } from '@moorage/database';
import { BlobLeases } from './blob-lease.store.ts';
import { SqlContentLists } from './content-lists.store.ts';
import { type ContentLimitsProvider, DEFAULT_CONTENT_LIMITS } from './content-limits.ts';
import { ManifestPut } from './manifest-put.store.ts';
import { SqlManifests } from './manifests.store.ts';
import { QuotaGate } from '../usage/index.ts';
import { SqlReferrers } from './referrers.store.ts';
import { ContentDatabase } from '../content/index.ts';
import { RepositoryCounters } from './repository-counters.store.ts';
import { SqlRepositoryBlobs } from './repository-blobs.store.ts';
import { SqlUploadSessions, UploadClaims } from '../upload/index.ts';

/**
 * The engine's metadata in PostgreSQL. `RepositoryScope.namespaceId` is the project id; callers must come from
 * registryCaller(). Each part is a class of its own; this one only gathers them behind the engine's port.
 */
export class SqlMetadataStore implements MetadataStore {
  readonly #blobs: SqlRepositoryBlobs;
  readonly #uploads: SqlUploadSessions;
  readonly #manifests: SqlManifests;
  readonly #lists: SqlContentLists;
  readonly #referrers: SqlReferrers;

  constructor(
    database: TransactionalSql,
    blobs: Pick<BlobStore, 'open'>,
    limits: ContentLimitsProvider = () => DEFAULT_CONTENT_LIMITS,
  ) {
    const sql = new ContentDatabase(database);
    const gate = new QuotaGate(sql);
    this.#blobs = new SqlRepositoryBlobs(sql, new BlobLeases(sql), gate, limits);
    this.#uploads = new SqlUploadSessions(sql, new UploadClaims(sql), limits);
    this.#manifests = new SqlManifests(sql, new ManifestPut(sql, blobs, gate, new RepositoryCounters(sql), limits));
    this.#lists = new SqlContentLists(sql);
    this.#referrers = new SqlReferrers(sql);
  }

  findBlob(repository: RepositoryScope, digest: Digest) {
    return this.#blobs.findBlob(repository, digest);
  }

  linkBlob(context: ChangeContext, blob: { digest: Digest; size: number; uploadId?: string }) {
    return this.#blobs.linkBlob(context, blob);
  }

  mountBlob(context: ChangeContext, digest: Digest, from: RepositoryScope) {
    return this.#blobs.mountBlob(context, digest, from);
  }

  findBlobSource(repository: RepositoryScope, digest: Digest) {
    return this.#blobs.findBlobSource(repository, digest);
  }

  unlinkBlob(context: ChangeContext, digest: Digest) {
    return this.#blobs.unlinkBlob(context, digest);
  }

  startUpload(context: ChangeContext, algorithm?: DigestAlgorithm) {
    return this.#uploads.startUpload(context, algorithm);
  }

  findUpload(context: ChangeContext, id: string) {
    return this.#uploads.findUpload(context, id);
  }

  claimUpload(context: ChangeContext, id: string, announced?: number) {
    return this.#uploads.claimUpload(context, id, announced);
  }

  findUploadRoom(context: ChangeContext) {
    return this.#uploads.findUploadRoom(context);
  }

  endUpload(context: ChangeContext, id: string) {
    return this.#uploads.endUpload(context, id);
  }

  listIdleUploads(before: Date, limit: number) {
    return this.#uploads.listIdleUploads(before, limit);
  }

  expireUpload(id: string, before: Date) {
    return this.#uploads.expireUpload(id, before);
  }

  putManifest(context: ChangeContext, manifest: NewManifest) {
    return this.#manifests.putManifest(context, manifest);
  }

  findManifest(repository: RepositoryScope, reference: Reference) {
    return this.#manifests.findManifest(repository, reference);
  }

  readManifest(repository: RepositoryScope, digest: Digest) {
    return this.#manifests.readManifest(repository, digest);
  }

  deleteManifest(context: ChangeContext, reference: Reference) {
    return this.#manifests.deleteManifest(context, reference);
  }

  listTags(repository: RepositoryScope, options: { after?: string; limit: number }) {
    return this.#lists.listTags(repository, options);
  }

  listRepositories(filter: CatalogFilter, options: { after?: string; limit: number }) {
    return this.#lists.listRepositories(filter, options);
  }

  hasRepository(repository: RepositoryScope) {
    return this.#lists.hasRepository(repository);
  }

  listReferrers(
    repository: RepositoryScope,
    subject: Digest,
    options: { artifactTypes: readonly string[]; after?: string; limit: number; maxBytes: number },
  ) {
    return this.#referrers.listReferrers(repository, subject, options);
  }
}
