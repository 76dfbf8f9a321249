import { DatabaseSync } from 'node:sqlite';
import { StorageFull, StoreUnavailable } from '../../ports/index.ts';

const SCHEMA = `
  create table if not exists repositories (
    id integer primary key,
    namespace_id integer not null,
    name text not null,
    unique (name, namespace_id)
  ) strict;
  create table if not exists blobs (
    repository_id integer not null references repositories,
    digest text not null,
    size integer not null,
    primary key (repository_id, digest)
  ) strict, without rowid;
  create index if not exists blobs_by_digest on blobs (digest, repository_id);
  create table if not exists manifests (
    id integer primary key autoincrement,
    repository_id integer not null references repositories,
    digest text not null,
    media_type text not null,
    payload blob not null,
    depth integer not null,
    subject text,
    artifact_type text,
    annotations text,
    unique (repository_id, digest)
  ) strict;
  create index if not exists manifests_by_subject on manifests (repository_id, subject, id) where subject is not null;
  create table if not exists manifest_references (
    manifest_id integer not null references manifests on delete cascade,
    digest text not null,
    is_child integer not null,
    primary key (manifest_id, digest)
  ) strict, without rowid;
  create index if not exists manifest_references_by_digest on manifest_references (digest, manifest_id);
  create table if not exists tags (
    repository_id integer not null references repositories,
    name text not null,
    manifest_id integer not null references manifests on delete cascade,
    primary key (repository_id, name)
  ) strict, without rowid;
  create index if not exists tags_by_manifest on tags (manifest_id);
  create table if not exists uploads (
    id text primary key,
    namespace_id integer not null,
    repository text not null,
    caller_id text not null,
    algorithm text,
    received integer not null,
    touched_at integer not null,
    claim text,
    claim_holder text,
    claim_expires_at integer
  ) strict, without rowid;
  create index if not exists uploads_by_touch on uploads (touched_at);
`;

const BUSY_MS = 5_000;
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/**
 * The standalone engine's metadata in one SQLite file: transactions survive a crash at any point, and several processes
 * of one host may share the file. Every commit is synced before it is acknowledged.
 */
export class MetadataDatabase {
  readonly now: () => Date;
  readonly #database: DatabaseSync;

  constructor(path: string, now: () => Date) {
    this.now = now;
    this.#database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = full');
    this.#database.exec(SCHEMA);
  }

  /** Prepares a statement once; rows come back as plain objects of the given shape. */
  prepare<Row = never>(sql: string): PreparedStatement<Row> {
    const statement = this.#database.prepare(sql);
    return {
      get: (...values) => translating(() => statement.get(...values) as Row | undefined),
      all: (...values) => translating(() => statement.all(...values) as Row[]),
      iterate: (...values) => statement.iterate(...values) as IterableIterator<Row>,
      run: (...values) => translating(() => Number(statement.run(...values).changes)),
    };
  }

  /** Runs `work` as one transaction; whatever it throws undoes it. */
  transaction<T>(work: () => T): T {
    translating(() => this.#database.exec('begin immediate'));
    try {
      const result = work();
      translating(() => this.#database.exec('commit'));
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw error;
    }
  }

  /**
   * Runs statements that need not survive a power cut (they do survive a crash): their commits are not synced. Upload
   * sessions are such; their bytes are not synced before the end either.
   */
  relaxed<T>(work: () => T): T {
    this.#database.exec('pragma synchronous = normal');
    try {
      return work();
    } finally {
      this.#database.exec('pragma synchronous = full');
    }
  }

  close(): void {
    this.#database.close();
  }
}

export type SqlValue = string | number | null | Uint8Array;

export interface PreparedStatement<Row> {
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  iterate(...values: SqlValue[]): IterableIterator<Row>;
  /** Executes the statement and returns the number of changed rows. */
  run(...values: SqlValue[]): number;
}

function translating<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = (error as { readonly errcode?: number }).errcode;
    if (code === SQLITE_FULL) throw new StorageFull(error);
    if (code === SQLITE_BUSY) throw new StoreUnavailable(error, 1);
    throw error;
  }
}
