import type { Database } from '@moorage/database';

export interface PendingLogin {
  readonly userId: number;
  readonly credentialVersion: number;
  /** Of the passkey asked for; null when none was. */
  readonly challenge: string | null;
}

/** Sign-ins between password and second factor, and passkeys being added: by the hash of a random text, for minutes. */
export class PendingLoginStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(
    tokenHash: Buffer,
    purpose: 'sign-in' | 'add-passkey',
    pending: PendingLogin,
    at: Date,
    expiresAt: Date,
  ): Promise<void> {
    await this.#database.query(
      `insert into pending_logins (token_hash, user_id, credential_version, purpose, challenge, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [tokenHash, pending.userId, pending.credentialVersion, purpose, pending.challenge, at, expiresAt],
    );
  }

  /** A sign-in that may still be finished. */
  async find(tokenHash: Buffer, now: Date): Promise<PendingLogin | null> {
    const rows = await this.#database.query<StoredPending>(
      `select user_id, credential_version, challenge from pending_logins
       where token_hash = $1 and purpose = 'sign-in' and expires_at > $2`,
      [tokenHash, now],
    );
    return rowOf(rows[0]);
  }

  async setChallenge(tokenHash: Buffer, challenge: string): Promise<void> {
    await this.#database.query('update pending_logins set challenge = $2 where token_hash = $1', [
      tokenHash,
      challenge,
    ]);
  }

  /** Counts a try before it is made, and takes the challenge: each is good for one answer. Null when over, or tried too often. */
  async attempt(tokenHash: Buffer, limit: number, now: Date): Promise<PendingLogin | null> {
    const rows = await this.#database.query<StoredPending>(
      `with former as (
         select token_hash, challenge from pending_logins
         where token_hash = $1 and purpose = 'sign-in' and expires_at > $3 and attempts < $2 for update)
       update pending_logins p set attempts = p.attempts + 1, challenge = null from former f
       where p.token_hash = f.token_hash returning p.user_id, p.credential_version, f.challenge`,
      [tokenHash, limit, now],
    );
    return rowOf(rows[0]);
  }

  /** Ends one; true for the one call that did. */
  async take(tokenHash: Buffer): Promise<boolean> {
    const rows = await this.#database.query('delete from pending_logins where token_hash = $1 returning 1', [
      tokenHash,
    ]);
    return rows.length > 0;
  }

  /** Takes the challenge of a passkey that this user is adding; null when there is none. */
  async takeAddition(tokenHash: Buffer, userId: number, now: Date): Promise<string | null> {
    const rows = await this.#database.query<{ challenge: string | null }>(
      `delete from pending_logins where token_hash = $1 and user_id = $2 and purpose = 'add-passkey' and expires_at > $3
       returning challenge`,
      [tokenHash, userId, now],
    );
    return rows[0]?.challenge ?? null;
  }

  /** Removes those that are over; returns how many. */
  async purge(now: Date): Promise<number> {
    const rows = await this.#database.query('delete from pending_logins where expires_at <= $1 returning 1', [now]);
    return rows.length;
  }
}

interface StoredPending {
  user_id: number;
  credential_version: number;
  challenge: string | null;
}

function rowOf(row: StoredPending | undefined): PendingLogin | null {
  return row ? { userId: row.user_id, credentialVersion: row.credential_version, challenge: row.challenge } : null;
}
