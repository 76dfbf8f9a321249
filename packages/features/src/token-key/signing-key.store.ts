import type { Database, Sql } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

export interface StoredKey {
  readonly kid: string;
  /** Sealed PKCS #8. */
  readonly privateKey: Buffer;
  readonly activeFrom: Date;
}

/** A key with its dates. */
export interface ListedKey extends StoredKey {
  readonly createdAt: Date;
  /** Null while it signs or is to sign. */
  readonly retiredAt: Date | null;
}

const KEY_LOCK = 4_120_261_124;

/** Signing keys of registry tokens, sealed. */
export class SigningKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keys that still verify, newest first. */
  list(now: Date): Promise<ListedKey[]> {
    return list(this.#database, now);
  }

  /**
   * Adds a key if `decide` says so after seeing the present ones under a lock; the others retire at the given time.
   * Processes that start together add one.
   */
  async add(
    now: Date,
    decide: (present: readonly StoredKey[]) => { key: StoredKey; retireOthersAt: Date } | null,
    event?: DomainEvent,
  ): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('select pg_advisory_xact_lock($1)', [KEY_LOCK]);
      const addition = decide(await list(transaction, now));
      if (addition === null) return;
      const { key, retireOthersAt } = addition;
      await transaction.query('update signing_keys set retired_at = $1 where retired_at is null', [retireOthersAt]);
      await transaction.query(
        'insert into signing_keys (kid, private_key, active_from, created_at) values ($1, $2, $3, $4)',
        [key.kid, key.privateKey, key.activeFrom, now],
      );
      if (event) await appendEvents(transaction, [event]);
    });
  }

  /** Removes keys that retired before then; returns how many. */
  async purge(before: Date): Promise<number> {
    const rows = await this.#database.query('delete from signing_keys where retired_at < $1 returning 1', [before]);
    return rows.length;
  }
}

async function list(database: Sql, now: Date): Promise<ListedKey[]> {
  const rows = await database.query<{
    kid: string;
    private_key: Buffer;
    active_from: Date;
    created_at: Date;
    retired_at: Date | null;
  }>(
    `select kid, private_key, active_from, created_at, retired_at from signing_keys where retired_at is null or retired_at > $1
     order by active_from desc, kid`,
    [now],
  );
  return rows.map((row) => ({
    kid: row.kid,
    privateKey: row.private_key,
    activeFrom: row.active_from,
    createdAt: row.created_at,
    retiredAt: row.retired_at,
  }));
}
