import { type Database, sql } from '@moorage/database';

export interface NewSession {
  /** SHA-256 of the cookie's value. */
  readonly tokenHash: Buffer;
  readonly userId: number;
  readonly credentialVersion: number;
  readonly address: string;
  readonly userAgent: string;
  readonly at: Date;
  readonly expiresAt: Date;
}

/** A session that is still alive, and whose it is. */
export interface LiveSession {
  readonly id: string;
  readonly userId: number;
  readonly lastSeenAt: Date;
}

/** Sessions in SQL. A session is alive while its user is, his credential version is the same, and no limit has passed. */
export class SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(session: NewSession): Promise<string> {
    const rows = await this.#database.run<{ id: string }>(
      sql`insert into sessions (token_hash, user_id, credential_version, client_address, user_agent, created_at, last_seen_at, expires_at)
          values (${session.tokenHash}, ${session.userId}, ${session.credentialVersion}, ${session.address}, ${session.userAgent},
                  ${session.at}, ${session.at}, ${session.expiresAt})
          returning id`,
    );
    return (rows[0] as { id: string }).id;
  }

  async findLive(tokenHash: Buffer, now: Date, seenAfter: Date): Promise<LiveSession | null> {
    const rows = await this.#database.query<{ id: string; user_id: number; last_seen_at: Date }>(
      `select s.id, s.user_id, s.last_seen_at from sessions s join users u on u.id = s.user_id
       where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3
         and u.deleted_at is null and not u.is_disabled and u.lapsed_at is null and u.credential_version = s.credential_version`,
      [tokenHash, now, seenAfter],
    );
    const row = rows[0];
    return row ? { id: row.id, userId: row.user_id, lastSeenAt: row.last_seen_at } : null;
  }

  async noteSeen(id: string, at: Date): Promise<void> {
    await this.#database.query('update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2', [id, at]);
  }

  async delete(tokenHash: Buffer): Promise<void> {
    await this.#database.query('delete from sessions where token_hash = $1', [tokenHash]);
  }

  /** Removes sessions that no longer let anyone in; returns how many. */
  async purge(now: Date, seenAfter: Date): Promise<number> {
    const rows = await this.#database.query(
      `delete from sessions s using users u
       where u.id = s.user_id and (s.expires_at <= $1 or s.last_seen_at <= $2 or u.credential_version <> s.credential_version)
       returning 1`,
      [now, seenAfter],
    );
    return rows.length;
  }
}
