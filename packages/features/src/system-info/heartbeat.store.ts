import type { Database } from '@moorage/database';

/** Signs of life of parts that nobody can ask, by the clock of the database. */
export class HeartbeatStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async beat(name: string): Promise<void> {
    await this.#database.query(
      'insert into heartbeats (name, seen_at) values ($1, now()) on conflict (name) do update set seen_at = now()',
      [name],
    );
  }

  /** Seconds since the part was last seen; null when it never was. */
  async age(name: string): Promise<number | null> {
    const rows = await this.#database.query<{ age: number }>(
      'select extract(epoch from now() - seen_at)::float8 as age from heartbeats where name = $1',
      [name],
    );
    return rows[0]?.age ?? null;
  }

  /** Fails when the database does not answer. */
  async ping(): Promise<void> {
    await this.#database.query('select 1');
  }
}
