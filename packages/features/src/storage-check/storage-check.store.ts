import type { Database, Sql } from '@moorage/database';
import type { Digest, ListedBlob } from '@moorage/distribution';
import { digestBytes, digestFromHex } from '../content/index.ts';

export type StorageProblem = 'unknown-object' | 'missing-object' | 'corrupt-object' | 'wrong-size';

export interface NewFinding {
  readonly problem: StorageProblem;
  readonly digest: Digest;
  readonly size: number;
  readonly state: 'found' | 'quarantined' | 'set-aside';
  readonly detail: string;
  readonly executionId: number;
}

/** A blob as the database knows it. */
export interface KnownBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** For how long objects nobody knows are kept aside. */
const UNKNOWN_DAYS = 7;

/** What checks of the storage ask and note. */
export class StorageCheckStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whole blobs after a digest that nobody touched for a while, in the order of digests. */
  async blobsAfter(after: Digest | null, limit: number): Promise<KnownBlob[]> {
    const rows = await this.#database.query<{ digest: string; size: number }>(
      `select encode(digest, 'hex') as digest, size from blobs
       where digest > $1 and damaged_at is null order by digest limit $2`,
      [after === null ? Buffer.alloc(0) : digestBytes(after), limit],
    );
    return rows.map((row) => ({ digest: digestFromHex(row.digest), size: row.size }));
  }

  /** Of stored objects those that the database does not know and that were there for longer than some seconds, by its clock. */
  async unknown(objects: readonly ListedBlob[], ageSeconds: number): Promise<ListedBlob[]> {
    const rows = await this.#database.query<{ place: number }>(
      `select place::int as place from unnest($1::bytea[], $2::timestamptz[]) with ordinality as o (digest, changed_at, place)
       where changed_at < now() - make_interval(secs => $3)
         and not exists (select from blobs b where b.digest = o.digest)
         and not exists (select from removed_blobs r where r.digest = o.digest)`,
      [objects.map(({ digest }) => digestBytes(digest)), objects.map(({ changedAt }) => changedAt), ageSeconds],
    );
    return rows.flatMap(({ place }) => objects[place - 1] ?? []);
  }

  /**
   * Notes that objects are about to be set aside, and finds that. From then on they go, or come back, as the bytes of
   * removed blobs do.
   */
  async noteUnknown(objects: readonly ListedBlob[], executionId: number): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `insert into removed_blobs (digest, size, aside_at, keep_until)
         select digest, size, now(), now() + make_interval(days => ${UNKNOWN_DAYS})
         from unnest($1::bytea[], $2::bigint[]) as o (digest, size) on conflict (digest) do nothing`,
        [objects.map(({ digest }) => digestBytes(digest)), objects.map(({ size }) => size)],
      );
      const detail = `No blob of the database has these bytes. They were set aside and are given up in ${UNKNOWN_DAYS} days.`;
      const found = { problem: 'unknown-object', state: 'set-aside', detail, executionId } as const;
      await this.note(
        objects.map(({ digest, size }) => ({ ...found, digest, size })),
        transaction,
      );
    });
  }

  /** From now on the blob is not served, and an upload heals it; false when its row is gone, and nobody needs it. */
  async markDamaged(digest: Digest): Promise<boolean> {
    const rows = await this.#database.query(
      'update blobs set damaged_at = now() where digest = $1 and damaged_at is null returning 1',
      [digestBytes(digest)],
    );
    return rows.length > 0;
  }

  /** The blob is served again: its bytes turned out to be whole. */
  async clearDamage(digest: Digest): Promise<void> {
    await this.#database.query('update blobs set damaged_at = null where digest = $1 and damaged_at is not null', [
      digestBytes(digest),
    ]);
  }

  /** Notes findings; one that is open already is not noted again. */
  async note(findings: readonly NewFinding[], sql: Sql = this.#database): Promise<void> {
    await sql.query(
      `insert into storage_findings (problem, digest, size, state, detail, execution_id, resolved_at)
       select problem, digest, size, state, detail, execution_id, case when problem = 'unknown-object' then now() end
       from unnest($1::text[], $2::bytea[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
         as f (problem, digest, size, state, detail, execution_id)
       on conflict do nothing`,
      [
        findings.map(({ problem }) => problem),
        findings.map(({ digest }) => digestBytes(digest)),
        findings.map(({ size }) => size),
        findings.map(({ state }) => state),
        findings.map(({ detail }) => detail),
        findings.map(({ executionId }) => executionId),
      ],
    );
  }

  /** Closes findings of blobs that were pushed again, or that nobody needs any more. Returns how many. */
  async closeHealed(): Promise<number> {
    const rows = await this.#database.query(
      `update storage_findings f set state = 'healed', resolved_at = now()
       where resolved_at is null and not exists (select from blobs b where b.digest = f.digest and b.damaged_at is not null)
       returning 1`,
    );
    return rows.length;
  }
}
