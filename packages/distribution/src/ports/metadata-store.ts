import type { Digest, DigestAlgorithm } from '../digest.ts';
import type { RepositoryName, Reference, Tag } from '../reference.ts';
import type { ManifestContent } from '../manifest.ts';
import type { ChangeContext, RepositoryScope } from './context.ts';

/** What the engine keeps besides bytes. Operations take only the part they need. */
export interface MetadataStore extends RepositoryBlobs, UploadSessions, Manifests, Tags, Referrers, Catalog {}

/** A change the store refused by a rule of its own (quota, immutability). The engine answers 403 DENIED with `message`. */
export interface Refused {
  readonly status: 'refused';
  readonly message: string;
}

export interface FoundBlob {
  readonly size: number;
  /** The stored bytes were found not to be what the digest says; they are not served, and pushing them again heals it. */
  readonly damaged?: true;
}

/** Which blobs a repository has. The only authority on whether a blob may be read through a repository. */
export interface RepositoryBlobs {
  /** Size of a blob linked to this repository, or null. A hit is a lease: garbage collection keeps the blob for a while. */
  findBlob(repository: RepositoryScope, digest: Digest): Promise<FoundBlob | null>;
  /**
   * Links a blob whose bytes are durable, and ends the upload session it came from, in one transaction. Linking twice is
   * the same as once.
   */
  linkBlob(
    context: ChangeContext,
    blob: { readonly digest: Digest; readonly size: number; readonly uploadId?: string },
  ): Promise<{ readonly status: 'linked' } | Refused>;
  /** Links a blob that `from` has; `missing` when it has not. Atomic against removal of the source. */
  mountBlob(
    context: ChangeContext,
    digest: Digest,
    from: RepositoryScope,
  ): Promise<{ readonly status: 'linked' } | { readonly status: 'missing' } | Refused>;
  /** A repository of the same namespace that has the blob, for a mount without a source. */
  findBlobSource(repository: RepositoryScope, digest: Digest): Promise<RepositoryScope | null>;
  /** Removes the link; `referenced` while a manifest of this repository needs the blob. */
  unlinkBlob(context: ChangeContext, digest: Digest): Promise<'unlinked' | 'missing' | 'referenced'>;
}

export interface UploadSession {
  readonly id: string;
  /** Bytes acknowledged so far. */
  readonly offset: number;
  /** Set when the client announced the algorithm at the start. */
  readonly algorithm?: DigestAlgorithm;
}

/** Resumable uploads. A session belongs to one repository and one caller; to everyone else it does not exist. */
export interface UploadSessions {
  startUpload(
    context: ChangeContext,
    algorithm?: DigestAlgorithm,
  ): Promise<{ readonly status: 'started'; readonly session: UploadSession } | Refused>;
  findUpload(context: ChangeContext, id: string): Promise<UploadSession | null>;
  /**
   * Takes the right to append to or seal a session for one request; `busy` while another request holds it. Ends by
   * {@link UploadClaim.release}, with the session, or by itself when the holder's process is gone. `announced`: bytes the
   * request says it will append.
   */
  claimUpload(context: ChangeContext, id: string, announced?: number): Promise<UploadClaim | 'missing' | 'busy'>;
  /** How much may be uploaded in one request without a session; undefined for no limit. */
  findUploadRoom(context: ChangeContext): Promise<UploadRoom | undefined>;
  /** Removes the session row; true when it was there. */
  endUpload(context: ChangeContext, id: string): Promise<boolean>;
  /** Ids of sessions without activity since `before`, oldest first, at most `limit`. */
  listIdleUploads(before: Date, limit: number): Promise<readonly string[]>;
  /** Removes an idle session by id, unless it became active after `before`; true when it was removed. */
  expireUpload(id: string, before: Date): Promise<boolean>;
}

/** How much a request may append where storage is limited; shrinks while others upload. */
export interface UploadRoom {
  readonly bytes: number;
  /** Why more is refused. */
  readonly refusal: string;
  /** Tells how many bytes of the request have arrived, so that others' room shrinks. */
  note(received: number): void;
}

/** The exclusive right to append to one upload. */
export interface UploadClaim {
  readonly session: UploadSession;
  /** Absent for no limit. */
  readonly room?: UploadRoom;
  /**
   * Records the new acknowledged length and gives the right back. False when the right was lost meanwhile (the session
   * ended, or another process took over): then nothing is recorded and nothing may be acknowledged.
   */
  release(offset: number): Promise<boolean>;
}

/** A stored manifest without its bytes. */
export interface ManifestDescriptor {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
}

export interface StoredManifest extends ManifestDescriptor {
  readonly payload: Buffer;
}

export interface NewManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly payload: Buffer;
  readonly content: ManifestContent;
  /** Tags to point at this manifest, all or none. */
  readonly tags: readonly Tag[];
  /** Accept missing blobs and children (lax mode). A missing subject and missing foreign layers are always accepted. */
  readonly allowMissing: boolean;
  /**
   * Condition of If-Match and If-None-Match: every tag (or, when there is none, the manifest) must be `absent`, or every
   * tag must point at one of these digests, at the moment of the change.
   */
  readonly onlyIf?: 'absent' | readonly Digest[];
}

export type PutManifestOutcome =
  /** `warnings` reach the client as `Warning` headers. */
  | { readonly status: 'stored'; readonly warnings?: readonly string[] }
  /** Nothing was stored: these references are not in this repository. */
  | { readonly status: 'missing'; readonly digests: readonly Digest[] }
  /** Nothing was stored: {@link NewManifest.onlyIf} does not hold. */
  | { readonly status: 'changed' }
  /** Nothing was stored: indexes would be nested deeper than MAX_INDEX_DEPTH. */
  | { readonly status: 'too-deep' }
  | Refused;

export type DeleteManifestOutcome = { readonly status: 'deleted' } | { readonly status: 'missing' } | Refused;

export interface Manifests {
  /** Stores manifest, blob and child links, subject and tags in one transaction (R11: visible with all parts or not at all). */
  putManifest(context: ChangeContext, manifest: NewManifest): Promise<PutManifestOutcome>;
  /** The manifest a reference points at; null when there is none. */
  findManifest(repository: RepositoryScope, reference: Reference): Promise<ManifestDescriptor | null>;
  /** The exact bytes that were pushed. */
  readManifest(repository: RepositoryScope, digest: Digest): Promise<StoredManifest | null>;
  /**
   * By tag: removes that tag only. By digest: removes the manifest and every tag on it, and is refused while an index of
   * this repository lists the manifest. Removes no blob bytes.
   */
  deleteManifest(context: ChangeContext, reference: Reference): Promise<DeleteManifestOutcome>;
}

/** One page of a list in byte order; `next` is the value to pass as `after`, absent on the last page. */
export interface NamePage<T extends string> {
  readonly items: readonly T[];
  readonly next?: T;
}

export interface Tags {
  /** Tags in byte order after `after` (which need not exist); null when the repository does not exist. */
  listTags(repository: RepositoryScope, options: { after?: string; limit: number }): Promise<NamePage<Tag> | null>;
}

/** An entry of a referrers answer. */
export interface ReferrerDescriptor extends ManifestDescriptor {
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ReferrerPage {
  readonly items: readonly ReferrerDescriptor[];
  /** Opaque position of the next page, absent on the last. */
  readonly next?: string;
}

export interface Referrers {
  /**
   * Manifests whose subject is `subject`, newest first. `artifactTypes` is an OR filter. A page ends at `limit` entries
   * or before `maxBytes` of descriptors (as JSON), whichever comes first, but has at least one entry. Pages stay
   * consistent while others push. An `after` that no page gave out means the first page.
   */
  listReferrers(
    repository: RepositoryScope,
    subject: Digest,
    options: { artifactTypes: readonly string[]; after?: string; limit: number; maxBytes: number },
  ): Promise<ReferrerPage>;
}

/** Which names a caller may see in the catalog: all, or those of the given namespaces. */
export type CatalogFilter = 'all' | { readonly namespaceIds: readonly number[] };

export interface Catalog {
  listRepositories(
    filter: CatalogFilter,
    options: { after?: string; limit: number },
  ): Promise<NamePage<RepositoryName>>;
  /** Whether the repository exists, that is: ever had a manifest or a blob. */
  hasRepository(repository: RepositoryScope): Promise<boolean>;
}
