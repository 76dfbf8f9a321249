import { createHash, randomUUID } from 'node:crypto';
import {
  type BlobHandle,
  type ChangeContext,
  type ContentDescriptor,
  type Digest,
  digestOf,
  type ManifestContent,
  type NewManifest,
  type RepositoryName,
  type RepositoryScope,
  type Tag,
} from '@moorage/distribution';
import type { Sql } from '@moorage/database';
import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import type { Caller } from '../../http/index.ts';
import { type ContentLimits, DEFAULT_CONTENT_LIMITS } from '../content-limits.ts';
import { SqlMetadataStore } from '../metadata.store.ts';
import { registryCaller } from '../registry-caller.ts';

/** A store on a database of its own, with the content that tests push. */
export interface RegistryFixture extends TestDatabase {
  readonly store: SqlMetadataStore;
  /** Blob bytes the store can read back. */
  readonly bytes: Map<Digest, Buffer>;
  limits: ContentLimits;
  /** A second store on the same database, as another process would have it. */
  otherProcess(): SqlMetadataStore;
  /** Makes a project and returns its id. */
  project(name: string, hardBytes?: number): Promise<number>;
}

export async function createRegistryFixture(): Promise<RegistryFixture> {
  const test = await createTestDatabase();
  const { database } = test;
  const bytes = new Map<Digest, Buffer>();
  const [owner] = await database.query<{ id: number }>("insert into users (username) values ('owner') returning id");
  const fixture = {
    ...test,
    bytes,
    limits: DEFAULT_CONTENT_LIMITS,
    otherProcess: () => newStore(),
    project: async (name: string, hardBytes = -1) => {
      const [project] = await database.query<{ id: number }>(
        `with project as (insert into projects (name, owner_id) values ($1, $2) returning id)
         insert into quotas (project_id, hard_bytes) select id, $3 from project returning project_id as id`,
        [name, owner?.id, hardBytes],
      );
      return project?.id ?? 0;
    },
  };
  const newStore = () =>
    new SqlMetadataStore(database, { open: (digest) => open(bytes, digest) }, () => fixture.limits);
  return Object.assign(fixture, { store: newStore() });
}

function open(all: ReadonlyMap<Digest, Buffer>, digest: Digest): Promise<BlobHandle | null> {
  const bytes = all.get(digest);
  if (!bytes) return Promise.resolve(null);
  return Promise.resolve({
    size: bytes.length,
    read: (into, position) => Promise.resolve(bytes.copy(into, 0, position)),
    close: () => Promise.resolve(),
  });
}

export function scope(namespaceId: number, name: string): RepositoryScope {
  return { namespaceId, name: name as RepositoryName };
}

/** A change by the user with this id. */
export function change(repository: RepositoryScope, userId = 1): ChangeContext {
  const caller: Caller = {
    principal: { kind: 'user', id: userId, username: `user-${userId}`, isSysadmin: false },
    credential: 'registry-token',
    address: '192.0.2.7',
    userAgent: 'test/1.0',
    requestId: randomUUID(),
  };
  const request = { id: caller.requestId, address: caller.address, userAgent: caller.userAgent };
  return { repository, caller: registryCaller(caller), request };
}

/** A digest that belongs to nothing but this text. */
export function digestFor(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}` as Digest;
}

export function descriptor(text: string, size = 1000, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip') {
  return { digest: digestFor(text), size, mediaType } satisfies ContentDescriptor;
}

/** Links blobs to a repository, as finished uploads do. */
export async function link(
  store: SqlMetadataStore,
  context: ChangeContext,
  blobs: readonly ContentDescriptor[],
): Promise<void> {
  for (const blob of blobs) await store.linkBlob(context, blob);
}

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** An image manifest of these layers. `salt` makes its digest unique. */
export function image(
  layers: readonly ContentDescriptor[],
  options: Partial<Omit<NewManifest, 'content'>> & { content?: Partial<ManifestContent>; salt?: string } = {},
): NewManifest {
  return manifest(IMAGE, { kind: 'image', layers, foreignLayers: [], children: [] }, options);
}

/** An index of these children. */
export function index(
  children: readonly NewManifest[],
  options: Partial<Omit<NewManifest, 'content'>> & { content?: Partial<ManifestContent>; salt?: string } = {},
): NewManifest {
  const listed = children.map((child) => ({
    digest: child.digest,
    mediaType: child.mediaType,
    size: child.payload.length,
  }));
  return manifest(INDEX, { kind: 'index', layers: [], foreignLayers: [], children: listed }, options);
}

function manifest(
  mediaType: string,
  base: ManifestContent,
  options: Partial<Omit<NewManifest, 'content'>> & { content?: Partial<ManifestContent>; salt?: string },
): NewManifest {
  const { content: more, salt, ...rest } = options;
  const content = { ...base, ...more };
  const payload = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content, salt }));
  return { digest: digestOf(payload), mediaType, payload, content, tags: [], allowMissing: false, ...rest };
}

/** What the project is charged for, in bytes. */
export async function usageOf(sql: Sql, projectId: number): Promise<number> {
  const [row] = await sql.query<{ used: number }>(
    `select used_bytes + (select coalesce(sum(bytes), 0) from quota_ledger where project_id = $1)::bigint as used
     from quotas where project_id = $1`,
    [projectId],
  );
  return row?.used ?? Number.NaN;
}

export function tag(name: string): Tag {
  return name as Tag;
}
