import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { SessionRow } from './own-session.rules.ts';

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

/** Which sessions live, by the clock alone: those used and begun after these times. */
export interface LifeWindow {
  readonly now: Date;
  readonly seenAfter: Date;
  readonly begunAfter: Date;
}

const COLUMNS: ListColumns = {
  creation_time: { sql: sql`s.created_at`, kind: 'time' },
  last_seen_at: { sql: sql`s.last_seen_at`, kind: 'time' },
  expires_at: { sql: sql`s.expires_at`, kind: 'time' },
  address: { sql: sql`s.client_address`, kind: 'text' },
};

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

  async findLive(tokenHash: Buffer, window: LifeWindow): Promise<LiveSession | null> {
    const rows = await this.#database.query<{ id: string; user_id: number; last_seen_at: Date }>(
      `select s.id, s.user_id, s.last_seen_at from sessions s join users u on u.id = s.user_id
       where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and s.created_at > $4
         and u.deleted_at is null and not u.is_disabled and u.lapsed_at is null and u.credential_version = s.credential_version`,
      [tokenHash, window.now, window.seenAfter, window.begunAfter],
    );
    const row = rows[0];
    return row ? { id: row.id, userId: row.user_id, lastSeenAt: row.last_seen_at } : null;
  }

  async noteSeen(id: string, at: Date): Promise<void> {
    await this.#database.query('update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2', [id, at]);
  }

  /** The sessions of a user that live. */
  async list(userId: number, window: LifeWindow, request: ListRequest): Promise<ListRows<SessionRow>> {
    const { rows, total } = await listRows<StoredSession>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`s.id, s.created_at, s.last_seen_at, s.expires_at, s.client_address, s.user_agent`,
        from: sql`sessions s join users u on u.id = s.user_id and u.credential_version = s.credential_version`,
        where: [
          sql`s.user_id = ${userId} and u.deleted_at is null and not u.is_disabled and u.lapsed_at is null`,
          sql`s.expires_at > ${window.now} and s.last_seen_at > ${window.seenAfter} and s.created_at > ${window.begunAfter}`,
        ],
        tiebreak: sql`s.id`,
      },
      request,
    );
    return {
      rows: rows.map((row) => ({
        id: row.id,
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
        expiresAt: row.expires_at,
        address: row.client_address,
        userAgent: row.user_agent,
      })),
      total,
    };
  }

  /** False when the user has no such session. */
  async deleteOne(userId: number, id: string, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query('delete from sessions where id = $1 and user_id = $2 returning 1', [
        id,
        userId,
      ]);
      if (rows.length > 0) await appendEvents(transaction, [event]);
      return rows.length > 0;
    });
  }

  async deleteAll(userId: number, exceptId: string | undefined, event: DomainEvent): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('delete from sessions where user_id = $1 and id is distinct from $2', [
        userId,
        exceptId ?? null,
      ]);
      await appendEvents(transaction, [event]);
    });
  }

  async delete(tokenHash: Buffer): Promise<void> {
    await this.#database.query('delete from sessions where token_hash = $1', [tokenHash]);
  }

  /** Removes sessions that no longer let anyone in; returns how many. */
  async purge(window: LifeWindow): Promise<number> {
    const rows = await this.#database.query(
      `delete from sessions s using users u
       where u.id = s.user_id and (s.expires_at <= $1 or s.last_seen_at <= $2 or s.created_at <= $3 or u.credential_version <> s.credential_version)
       returning 1`,
      [window.now, window.seenAfter, window.begunAfter],
    );
    return rows.length;
  }
}

interface StoredSession {
  id: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  client_address: string;
  user_agent: string;
}
