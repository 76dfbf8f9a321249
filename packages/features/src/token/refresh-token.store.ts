import { type Database, type Sql, sql, type Transaction } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

export interface NewRefreshToken {
  readonly tokenHash: Buffer;
  /** Absent: the first of a new family. */
  readonly family?: string;
  readonly userId: number;
  readonly credentialVersion: number;
  readonly service: string;
  readonly clientId: string;
  readonly at: Date;
  readonly expiresAt: Date;
}

export interface StoredRefreshToken {
  readonly family: string;
  readonly userId: number;
  readonly credentialVersion: number;
  readonly service: string;
  readonly clientId: string;
  readonly expiresAt: Date;
  /** When another took its place; seeing it again means that somebody has a copy. */
  readonly usedAt: Date | null;
}

/** Refresh tokens, by hash. */
export class RefreshTokenStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(token: NewRefreshToken, event: DomainEvent): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await insert(transaction, token);
      await appendEvents(transaction, [event]);
    });
  }

  /** A token that is neither over nor revoked. */
  async find(tokenHash: Buffer, now: Date): Promise<StoredRefreshToken | null> {
    return find(this.#database, tokenHash, now);
  }

  /** Puts a new token in the place of one; false when that was already replaced. */
  async replace(tokenHash: Buffer, next: NewRefreshToken): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query(
        'update refresh_tokens set used_at = $2 where token_hash = $1 and used_at is null and revoked_at is null returning 1',
        [tokenHash, next.at],
      );
      if (rows.length > 0) await insert(transaction, next);
      return rows.length > 0;
    });
  }

  async revokeFamily(family: string, at: Date, event: DomainEvent): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('update refresh_tokens set revoked_at = $2 where family = $1 and revoked_at is null', [
        family,
        at,
      ]);
      await appendEvents(transaction, [event]);
    });
  }

  /** Removes tokens that are over; returns how many. */
  async purge(now: Date): Promise<number> {
    const rows = await this.#database.query('delete from refresh_tokens where expires_at <= $1 returning 1', [now]);
    return rows.length;
  }
}

async function find(database: Sql, tokenHash: Buffer, now: Date): Promise<StoredRefreshToken | null> {
  const rows = await database.run<{
    family: string;
    user_id: number;
    credential_version: number;
    service: string;
    client_id: string;
    expires_at: Date;
    used_at: Date | null;
  }>(
    sql`select family, user_id, credential_version, service, client_id, expires_at, used_at from refresh_tokens
        where token_hash = ${tokenHash} and expires_at > ${now} and revoked_at is null`,
  );
  const row = rows[0];
  if (!row) return null;
  return {
    family: row.family,
    userId: row.user_id,
    credentialVersion: row.credential_version,
    service: row.service,
    clientId: row.client_id,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}

async function insert(transaction: Transaction, token: NewRefreshToken): Promise<void> {
  await transaction.run(
    sql`insert into refresh_tokens (token_hash, family, user_id, credential_version, service, client_id, created_at, expires_at)
        values (${token.tokenHash}, coalesce(${token.family ?? null}::uuid, gen_random_uuid()), ${token.userId},
                ${token.credentialVersion}, ${token.service}, ${token.clientId}, ${token.at}, ${token.expiresAt})`,
  );
}
