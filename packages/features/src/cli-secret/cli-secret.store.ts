import { type Database, type Statement, sql } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

/** A CLI secret as stored, and whose it is. */
export interface StoredCliSecret {
  /** Of the identity, which the secret hangs on. */
  readonly id: number;
  /** What the code of the secret is bound to. */
  readonly uid: string;
  readonly userId: number;
  readonly hash: Buffer;
  readonly setAt: Date;
}

interface Row {
  id: number;
  uid: string;
  user_id: number;
  cli_secret_hash: Buffer;
  cli_secret_set_at: Date;
}

/** CLI secrets in SQL: one for each identity of a source. */
export class CliSecretStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findByName(username: string): Promise<StoredCliSecret | null> {
    if (username.includes('\0')) return null;
    return (await this.#find(sql`lower(u.username) = lower(${username})`))[0] ?? null;
  }

  findMany(ids: readonly number[]): Promise<readonly StoredCliSecret[]> {
    return this.#find(sql`i.id = any(${ids}::int[])`);
  }

  /** The identity of a user that may have a secret; null for local accounts. */
  async findUid(userId: number): Promise<string | null> {
    const rows = await this.#database.query<{ uid: string }>(
      `select i.uid from user_identities i join users u on u.id = i.user_id
       where i.user_id = $1 and u.deleted_at is null`,
      [userId],
    );
    return rows[0]?.uid ?? null;
  }

  /** Replaces the secret, or takes it away with a null hash. */
  async set(userId: number, hash: Buffer | null, at: Date, event: DomainEvent): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        'update user_identities set cli_secret_hash = $2, cli_secret_set_at = $3, updated_at = now() where user_id = $1',
        [userId, hash, hash === null ? null : at],
      );
      await appendEvents(transaction, [event]);
    });
  }

  async #find(condition: Statement): Promise<readonly StoredCliSecret[]> {
    const rows = await this.#database.run<Row>(
      sql`select i.id, i.uid, i.user_id, i.cli_secret_hash, i.cli_secret_set_at
          from user_identities i join users u on u.id = i.user_id and u.deleted_at is null
          where i.cli_secret_hash is not null and ${condition}`,
    );
    return rows.map((row) => ({
      id: row.id,
      uid: row.uid,
      userId: row.user_id,
      hash: row.cli_secret_hash,
      setAt: row.cli_secret_set_at,
    }));
  }
}
