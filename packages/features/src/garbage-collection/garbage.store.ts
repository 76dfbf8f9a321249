import type { Database, Transaction } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { ContentDatabase, digestBytes, digestFromHex } from '../content/index.ts';
import { dischargeLinks } from '../usage/index.ts';

/** A stretch of the table of blobs that was looked at. */
export interface Slice {
  /** The last digest looked at; null when there was none. */
  readonly last: Buffer | null;
  readonly scanned: number;
}

/** What a look at a slice found that may go. Somebody may need it by the time it is taken: {@link GarbageStore.collect} decides. */
export interface Findings {
  /** Digests with a link that nothing needs, or without any need at all; in order. */
  readonly digests: readonly Buffer[];
  readonly links: number;
  readonly blobs: number;
  readonly bytes: number;
  /** How many blobs of the slice come up to each digest, itself among them. */
  readonly places: readonly number[];
}

export interface Collected {
  readonly digests: readonly Digest[];
  readonly links: number;
  readonly bytes: number;
}

/** Whether a manifest of the link's repository needs the blob. */
const NEEDED = `exists (select from manifest_blobs mb
  where mb.repository_id = rb.repository_id and mb.digest = rb.digest and mb.role <> 'foreign')`;
const OLD = 'b.last_touched_at <= now() - make_interval(secs => $3)';

/**
 * Finds and removes rows of content that nothing needs, by the rule in `registry/blob-lease.store.ts`. Of all projects:
 * nobody calls this for one.
 */
export class GarbageStore {
  readonly #database: ContentDatabase;

  constructor(database: Database) {
    this.#database = new ContentDatabase(database);
  }

  /** The end of the next stretch of at most `limit` blobs between two digests, both excluded. */
  async slice(after: Buffer, before: Buffer, limit: number): Promise<Slice> {
    const [row] = await this.#database.query<{ last: string | null; scanned: number }>(
      `with slice as materialized (
         select digest from blobs where digest > $1 and digest < $2 order by digest limit $3
       )
       select (select encode(digest, 'hex') from slice order by digest desc limit 1) as last, (select count(*) from slice) as scanned`,
      [after, before, limit],
    );
    return { last: row?.last ? Buffer.from(row.last, 'hex') : null, scanned: row?.scanned ?? 0 };
  }

  /**
   * What may go of the blobs after one digest up to another. Takes no locks. Each blob is looked up by itself, which the
   * planner would not do: it would read the tables whole for every slice.
   */
  async look(after: Buffer, upTo: Buffer, ageSeconds: number): Promise<Findings> {
    const rows = await this.#database.query<{
      digest: string;
      size: number;
      place: number;
      links: number;
      dead: boolean;
    }>(
      `select encode(b.digest, 'hex') as digest, b.size, b.place, l.links - l.needed as links, l.needed = 0 and not t.is_there as dead
       from (
         select digest, size, last_touched_at, row_number() over (order by digest) as place
         from blobs where digest > $1 and digest <= $2
       ) b
       cross join lateral (
         select count(*) as links, count(n.is_needed) as needed from repository_blobs rb left join lateral (
           select true as is_needed from manifest_blobs mb
           where mb.repository_id = rb.repository_id and mb.digest = rb.digest and mb.role <> 'foreign' limit 1
         ) n on true
         where rb.digest = b.digest
       ) l
       cross join lateral (
         select count(*) > 0 as is_there from (select from trash_blobs where digest = b.digest limit 1) trashed
       ) t
       where ${OLD} and (l.links > l.needed or (l.needed = 0 and not t.is_there))
       order by b.digest`,
      [after, upTo, ageSeconds],
    );
    const dead = rows.filter((row) => row.dead);
    return {
      digests: rows.map((row) => Buffer.from(row.digest, 'hex')),
      links: rows.reduce((sum, row) => sum + row.links, 0),
      blobs: dead.length,
      bytes: dead.reduce((sum, row) => sum + row.size, 0),
      places: rows.map((row) => row.place),
    };
  }

  /**
   * Removes, of these blobs, the links that nothing needs and the rows that nothing refers to, in one transaction, and
   * notes the removed ones, whose bytes are still there. Blobs in use elsewhere at this moment are passed over. `noted`
   * runs last in that transaction, with what went.
   */
  collect(
    digests: readonly Buffer[],
    ageSeconds: number,
    noted: (transaction: Transaction, gone: Collected) => Promise<void> = () => Promise.resolve(),
  ): Promise<Collected> {
    return this.#database.transaction(async (transaction) => {
      const gone = await this.#remove(transaction, digests, ageSeconds);
      await noted(transaction, gone);
      return gone;
    });
  }

  async #remove(transaction: Transaction, digests: readonly Buffer[], ageSeconds: number): Promise<Collected> {
    const locked = await lockOld(transaction, digests, ageSeconds);
    if (locked.length === 0) return { digests: [], links: 0, bytes: 0 };
    const links = await removeLinks(transaction, locked);
    const gone = await transaction.query<{ digest: string; size: number }>(
      `with gone as (
           delete from blobs b where b.digest = any($1::bytea[])
             and not exists (select from repository_blobs rb where rb.digest = b.digest)
             and not exists (select from trash_blobs t where t.digest = b.digest)
           returning b.digest, b.size
         )
         insert into removed_blobs (digest, size) select digest, size from gone
         on conflict (digest) do update set size = excluded.size, removed_at = now(), aside_at = null, keep_until = null
         returning encode(digest, 'hex') as digest, size`,
      [locked],
    );
    return {
      digests: gone.map((row) => digestFromHex(row.digest)),
      links,
      bytes: gone.reduce((sum, row) => sum + row.size, 0),
    };
  }

  /** Removed blobs whose bytes nobody set aside yet: what a process that died left behind. */
  async listNotAside(limit: number): Promise<Digest[]> {
    const rows = await this.#database.query<{ digest: string }>(
      `select encode(digest, 'hex') as digest from removed_blobs
       where aside_at is null and removed_at < now() - interval '1 minute' order by digest limit $1`,
      [limit],
    );
    return rows.map((row) => digestFromHex(row.digest));
  }

  /** Their bytes are aside from now on. */
  async markAside(digests: readonly Digest[]): Promise<void> {
    await this.#database.query(
      'update removed_blobs set aside_at = now() where digest = any($1::bytea[]) and aside_at is null',
      [digests.map(digestBytes)],
    );
  }

  /**
   * Ends what was aside for long enough, at most `limit` blobs: `end` is given those that were pushed again meanwhile and
   * those that were not, while nobody else works on the same; they are forgotten when it resolves. Returns how many.
   */
  settle(
    asideSeconds: number,
    limit: number,
    end: (back: readonly Digest[], dead: readonly Digest[]) => Promise<void>,
  ): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query<{ digest: string }>(
        `select encode(digest, 'hex') as digest from removed_blobs
         where aside_at <= now() - make_interval(secs => $1) and (keep_until is null or keep_until <= now()) order by aside_at, digest limit $2 for update skip locked`,
        [asideSeconds, limit],
      );
      if (rows.length === 0) return 0;
      const values = rows.map((row) => Buffer.from(row.digest, 'hex'));
      const known = await transaction.query<{ digest: string }>(
        `select encode(digest, 'hex') as digest from blobs where digest = any($1::bytea[])`,
        [values],
      );
      const again = new Set(known.map((row) => row.digest));
      await end(
        rows.filter((row) => again.has(row.digest)).map((row) => digestFromHex(row.digest)),
        rows.filter((row) => !again.has(row.digest)).map((row) => digestFromHex(row.digest)),
      );
      await transaction.query('delete from removed_blobs where digest = any($1::bytea[])', [values]);
      return rows.length;
    });
  }
}

/** Holds the leases that ended: who wants to renew one waits, and finds what was decided. */
async function lockOld(transaction: Transaction, digests: readonly Buffer[], ageSeconds: number): Promise<Buffer[]> {
  const rows = await transaction.query<{ digest: Buffer }>(
    `select b.digest from blobs b
     where b.digest = any($1::bytea[]) and b.last_touched_at <= now() - make_interval(secs => $2)
     order by b.digest for update skip locked`,
    [digests, ageSeconds],
  );
  return rows.map((row) => row.digest);
}

/** Manifests that are being stored hold their links FOR KEY SHARE: whether one needs a link is asked after it is locked. */
async function removeLinks(transaction: Transaction, digests: readonly Buffer[]): Promise<number> {
  const links = await transaction.query<{ repository_id: number; digest: Buffer }>(
    `select rb.repository_id, rb.digest from repository_blobs rb
     where rb.digest = any($1::bytea[]) and not ${NEEDED} order by rb.digest, rb.repository_id for update skip locked`,
    [digests],
  );
  if (links.length === 0) return 0;
  const gone = await transaction.query<{ project_id: number; digest: Buffer }>(
    `delete from repository_blobs rb using unnest($1::bigint[], $2::bytea[]) as given (repository_id, digest)
     where rb.repository_id = given.repository_id and rb.digest = given.digest and not ${NEEDED}
     returning rb.project_id, rb.digest`,
    [links.map((link) => link.repository_id), links.map((link) => link.digest)],
  );
  await dischargeLinks(
    transaction,
    gone.map((link) => ({ projectId: link.project_id, digest: link.digest })),
  );
  return gone.length;
}
