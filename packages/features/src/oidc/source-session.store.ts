import type { Database } from '@moorage/database';

/** What the provider knows of a session of ours. */
export interface SourceSession {
  readonly sessionId: string;
  readonly sealedIdToken: Buffer | null;
  readonly sourceId: number | null;
}

/** Sessions that began at a provider, in SQL, and the logout tokens that were used. */
export class SourceSessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(
    userId: number,
    session: { readonly sessionId: string; readonly sid: string | null; readonly sealedIdToken: Buffer | null },
  ): Promise<void> {
    await this.#database.query(
      `insert into source_sessions (session_id, identity_id, sid, sealed_id_token)
       select $2, id, $3, $4 from user_identities where user_id = $1`,
      [userId, session.sessionId, session.sid, session.sealedIdToken],
    );
  }

  async find(sessionId: string): Promise<SourceSession | null> {
    const rows = await this.#database.query<{ sealed_id_token: Buffer | null; source_id: number | null }>(
      `select s.sealed_id_token, i.source_id from source_sessions s join user_identities i on i.id = s.identity_id
       where s.session_id = $1`,
      [sessionId],
    );
    const row = rows[0];
    return row ? { sessionId, sealedIdToken: row.sealed_id_token, sourceId: row.source_id } : null;
  }

  /**
   * Ends the sessions a provider names: of one sign-in (`sid`), or all of a person. False when the logout token was used
   * before. Returns the number of sessions.
   */
  async end(
    issuer: string,
    who: { readonly subject: string | null; readonly sid: string | null },
    token: { readonly hash: Buffer; readonly expiresAt: Date },
  ): Promise<number | false> {
    return this.#database.transaction(async (transaction) => {
      const fresh = await transaction.query(
        'insert into used_logout_tokens (token_hash, expires_at) values ($1, $2) on conflict do nothing returning 1',
        [token.hash, token.expiresAt],
      );
      if (fresh.length === 0) return false;
      const ended = await transaction.query(
        `delete from sessions using source_sessions s join user_identities i on i.id = s.identity_id
         where sessions.id = s.session_id and i.issuer = $1
           and ($2::text is null or i.subject = $2) and ($3::text is null or s.sid = $3)
         returning 1`,
        [issuer, who.subject, who.sid],
      );
      return ended.length;
    });
  }

  async purge(now: Date): Promise<number> {
    const rows = await this.#database.query('delete from used_logout_tokens where expires_at < $1 returning 1', [now]);
    return rows.length;
  }
}
