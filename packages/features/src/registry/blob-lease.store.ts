import type { Sql } from '@moorage/database';

/**
 * The lease on a blob (R16, R17). The rule that garbage collection relies on:
 *
 * 1. All times are `now()` of the database. `blobs.last_touched_at` is the lease.
 * 2. Whoever is told that a repository has a blob (HEAD, GET, 201 of an upload or a mount) may rely on it for the grace
 *    time G (setting `gc_grace_seconds`) from that moment. At that moment the stored lease is at most `limit` of
 *    {@link leaseTimes} old, durably.
 * 3. So garbage collection must leave a blob and its links alone while `last_touched_at > now() - (G + limit)`, and must
 *    decide, remove the links and remove the row in one transaction that holds the row of `blobs` FOR UPDATE from before
 *    it decides.
 *
 * Uploads and mounts renew the lease in their own transaction. Reads renew it here: not at all while it is young; in the
 * background while it is younger than the limit, so that a popular blob costs one write a minute and no answer waits; and
 * before the answer when it is older. The reader then looks for the link again: either garbage collection came first and
 * the link is gone, or it finds the lease renewed.
 *
 * A process may use a changed G two seconds late; G is a matter of hours, and only tests make it seconds.
 */
export interface LeaseTimes {
  /** Seconds after which a lease is renewed before an answer relies on it. */
  readonly limit: number;
  /** Seconds for which a lease needs no renewal at all. */
  readonly renewal: number;
}

const LIMIT_SECONDS = 300;
const RENEWAL_SECONDS = 60;

/** When leases are renewed under a grace time: five minutes and one, less when the grace time is shorter than that. */
export function leaseTimes(graceSeconds: number): LeaseTimes {
  const limit = Math.min(LIMIT_SECONDS, graceSeconds);
  return { limit, renewal: Math.min(RENEWAL_SECONDS, Math.floor(limit / 5)) };
}

/** Garbage collection leaves alone what was touched more recently than this many seconds ago. */
export function collectableAfterSeconds(graceSeconds: number): number {
  return graceSeconds + leaseTimes(graceSeconds).limit;
}

const BACKGROUND_DELAY_MS = 1000;

interface Batch extends PromiseWithResolvers<void> {
  readonly digests: Map<string, Buffer>;
}

/** Renews leases in batches: one statement at a time, each with everything that came up meanwhile. */
export class BlobLeases {
  readonly #sql: Sql;
  /** Collects while a statement is under way. */
  #next: Batch | null = null;
  #running = false;
  readonly #soon = new Map<string, Buffer>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Renews within about a second. A failure is left to the next reader: the lease is still young enough. */
  renewSoon(digest: Buffer): void {
    if (this.#soon.size === 0) setTimeout(() => this.#renewAll(), BACKGROUND_DELAY_MS).unref();
    this.#soon.set(digest.toString('latin1'), digest);
  }

  /** Resolves when the lease is renewed durably, or the blob is gone. */
  renew(digest: Buffer): Promise<void> {
    this.#next ??= { digests: new Map(), ...Promise.withResolvers<void>() };
    this.#next.digests.set(digest.toString('latin1'), digest);
    const { promise } = this.#next;
    if (!this.#running) void this.#run();
    return promise;
  }

  #renewAll(): void {
    const digests = [...this.#soon.values()];
    this.#soon.clear();
    for (const digest of digests) this.renew(digest).catch(() => undefined);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#next) {
      const batch = this.#next;
      this.#next = null;
      await this.#touch([...batch.digests.values()]).then(batch.resolve, batch.reject);
    }
    this.#running = false;
  }

  /** Rows are locked in one order, so that processes do not lock each other out. */
  async #touch(digests: readonly Buffer[]): Promise<void> {
    await this.#sql.query(
      `update blobs set last_touched_at = now() from (
         select digest from blobs where digest = any($1::bytea[]) order by digest for no key update
       ) locked
       where blobs.digest = locked.digest`,
      [digests],
    );
  }
}
