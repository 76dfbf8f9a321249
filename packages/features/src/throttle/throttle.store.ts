import type { Database } from '@moorage/database';

/** Times of recent attempts by key, shared by all processes. */
export class ThrottleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Notes an attempt unless `limit` of them lie after `since` already. Returns null when it was noted, else the time of
   * the oldest attempt that counts.
   */
  async reserve(key: Buffer, at: Date, since: Date, limit: number): Promise<Date | null> {
    const noted = await this.#database.query(
      `insert into login_attempts as a (key, attempted_at, updated_at) values ($1, array[$2::timestamptz], $2)
       on conflict (key) do update
         set attempted_at = array(select t from unnest(a.attempted_at) as t where t > $3) || $2::timestamptz, updated_at = $2
         where (select count(*) from unnest(a.attempted_at) as t where t > $3) < $4
       returning 1`,
      [key, at, since, limit],
    );
    if (noted.length > 0) return null;
    const rows = await this.#database.query<{ oldest: Date | null }>(
      'select min(t) as oldest from login_attempts, unnest(attempted_at) as t where key = $1 and t > $2',
      [key, since],
    );
    return rows[0]?.oldest ?? at;
  }

  /** Takes one attempt back. */
  async release(key: Buffer, at: Date): Promise<void> {
    await this.#database.query(
      'update login_attempts set attempted_at = array_remove(attempted_at, $2) where key = $1',
      [key, at],
    );
  }

  /** Forgets every attempt of a key. */
  async clear(key: Buffer): Promise<void> {
    await this.#database.query('delete from login_attempts where key = $1', [key]);
  }

  /** Removes keys without an attempt since then; returns how many. */
  async purge(before: Date): Promise<number> {
    const rows = await this.#database.query('delete from login_attempts where updated_at < $1 returning 1', [before]);
    return rows.length;
  }
}
