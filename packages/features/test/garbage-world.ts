import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  anonymousHooks,
  createRegistry,
  type Digest,
  digestOf,
  hexOf,
  type Operations,
  parseReference,
  type Reference,
  type RepositoryScope,
} from '@moorage/distribution';
import { type FilesystemContentStores, openFilesystemContent } from '@moorage/distribution/stores';
import { createTempDirectory, createTestDatabase, seedProject, seedUser, type TestDatabase } from '@moorage/testing';
import {
  type CollectorOptions,
  GarbageCollector,
  giveUpBytes,
  type Tally,
} from '../src/garbage-collection/garbage-collector.ts';
import { rangesOf } from '../src/garbage-collection/garbage.rules.ts';
import { GarbageStore } from '../src/garbage-collection/garbage.store.ts';
import { collectableAfterSeconds } from '../src/registry/index.ts';
import { SqlMetadataStore } from '../src/registry/metadata.store.ts';
import { change, scope } from '../src/registry/testing/registry-fixture.ts';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

export interface PushedBlob {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** An engine with its bytes on disk and its rows in PostgreSQL, as core has it, and a collector beside it. */
export class GarbageWorld {
  readonly test: TestDatabase;
  readonly content: FilesystemContentStores;
  readonly operations: Operations;
  readonly store: GarbageStore;
  readonly projectId: number;
  readonly root: string;
  graceSeconds = 3600;
  readonly #remove: () => void;

  private constructor(
    test: TestDatabase,
    content: FilesystemContentStores,
    projectId: number,
    folder: { path: string; remove: () => void },
  ) {
    this.test = test;
    this.content = content;
    this.projectId = projectId;
    this.root = folder.path;
    this.#remove = () => folder.remove();
    this.store = new GarbageStore(test.database);
    const limits = () => ({
      quotaEnforced: true,
      uploadsPerCaller: 100,
      uploadsPerProject: 1000,
      quotaWarningPercent: 0,
      graceSeconds: this.graceSeconds,
    });
    this.operations = createRegistry({
      blobs: content.blobs,
      uploads: content.uploads,
      metadata: new SqlMetadataStore(test.database, content.blobs, limits),
      hooks: anonymousHooks(),
    }).operations;
  }

  static async open(): Promise<GarbageWorld> {
    const test = await createTestDatabase();
    const folder = createTempDirectory('moorage-garbage-');
    const content = await openFilesystemContent(join(folder.path, 'registry'));
    const ownerId = await seedUser(test.database, 'owner');
    return new GarbageWorld(test, content, await seedProject(test.database, 'p', { ownerId }), folder);
  }

  async close(): Promise<void> {
    await this.content.close();
    await this.test.close();
    this.#remove();
  }

  repository(name: string): RepositoryScope {
    return scope(this.projectId, `p/${name}`);
  }

  async pushBlob(repository: RepositoryScope, bytes: Buffer = randomBytes(64)): Promise<PushedBlob> {
    const digest = digestOf(bytes);
    await this.operations.pushBlob(change(repository), digest, { source: once(bytes) });
    return { digest, bytes };
  }

  /** Stores a manifest of blobs the repository has; returns its digest. */
  async pushManifest(repository: RepositoryScope, tag: string | null, layers: readonly PushedBlob[]): Promise<Digest> {
    const described = layers.map(({ digest, bytes }) => ({ mediaType: LAYER, digest, size: bytes.length }));
    const [first, ...rest] = described;
    const payload = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: IMAGE, config: { ...first, mediaType: CONFIG }, layers: rest }),
    );
    const digest = digestOf(payload);
    await this.operations.putManifest(change(repository), {
      reference: parseReference(tag ?? digest) as Reference,
      contentType: IMAGE,
      payload,
      tags: [],
      allowMissing: false,
    });
    return digest;
  }

  /** Ends all leases. */
  async age(seconds = 1_000_000): Promise<void> {
    await this.test.database.query('update blobs set last_touched_at = last_touched_at - make_interval(secs => $1)', [
      seconds,
    ]);
  }

  /** What goes through one part of a run. */
  collector(options: Partial<CollectorOptions>): GarbageCollector {
    return new GarbageCollector({
      store: this.store,
      blobs: this.content.blobs,
      ageSeconds: collectableAfterSeconds(this.graceSeconds),
      signal: new AbortController().signal,
      log: () => undefined,
      blobsPerSecond: () => Promise.resolve(0),
      count: () => Promise.resolve(),
      progress: () => Promise.resolve(),
      ...options,
    });
  }

  /** One run, as its tasks do it. */
  async collect({ workers = 2, dryRun = false }: { workers?: number; dryRun?: boolean } = {}): Promise<Tally> {
    const parts = await Promise.all(
      Array.from({ length: workers }, (_, part) => this.collector({}).run(rangesOf({ part, workers }), dryRun)),
    );
    const sum = (name: keyof Tally) => parts.reduce((total, tally) => total + tally[name], 0);
    return { scanned: sum('scanned'), links: sum('links'), blobs: sum('blobs'), bytes: sum('bytes') };
  }

  /** Gives up what is aside for longer than some seconds, as if that were the time it waits there. */
  async giveUp(seconds = 0): Promise<number> {
    await this.test.database.query(
      `update removed_blobs set removed_at = removed_at - interval '1 day', aside_at = aside_at - interval '1 day'
       where coalesce(aside_at, removed_at) <= now() - make_interval(secs => $1)`,
      [seconds],
    );
    return giveUpBytes(this.store, this.content.blobs, this.graceSeconds, new AbortController().signal);
  }

  /** Digests with a row, in order. */
  async rows(): Promise<string[]> {
    const rows = await this.test.database.query<{ digest: string }>(
      'select digest_text(digest) as digest from blobs order by digest',
    );
    return rows.map(({ digest }) => digest);
  }

  /** Digests with a file in service, in order. */
  async files(): Promise<Digest[]> {
    return (await this.content.blobs.list(null, 100_000)).map(({ digest }) => digest);
  }

  /** The bytes in the storage under a name. */
  async stored(digest: Digest): Promise<Buffer> {
    return readFile(join(this.root, 'registry', 'blobs', 'sha256', hexOf(digest).slice(0, 2), hexOf(digest)));
  }

  /** The bytes of a blob that the repository has, through the engine; throws what a client would be answered. */
  async read(repository: RepositoryScope, digest: Digest): Promise<Buffer> {
    const size = await this.operations.findBlob(repository, digest);
    const content = await this.operations.openBlob(digest, size);
    if ('bytes' in content) return content.bytes;
    const bytes = Buffer.alloc(size);
    await content.handle.read(bytes, 0);
    await content.handle.close();
    return bytes;
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes);
}
