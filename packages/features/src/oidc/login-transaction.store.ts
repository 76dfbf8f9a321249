import type { Database } from '@moorage/database';

export type TransactionPurpose = 'login' | 'test' | 'onboard';

export interface NewTransaction {
  readonly id: string;
  readonly stateHash: Buffer;
  readonly browserHash: Buffer;
  readonly purpose: TransactionPurpose;
  readonly sourceId: number | null;
  readonly userId: number | null;
  readonly sealed: Buffer;
  readonly returnTo: string;
  readonly expiresAt: Date;
}

/** A login on its way. */
export interface LoginTransaction {
  readonly id: string;
  readonly purpose: TransactionPurpose;
  readonly sourceId: number | null;
  readonly sealed: Buffer;
  readonly returnTo: string;
}

interface StoredTransaction {
  id: string;
  purpose: TransactionPurpose;
  source_id: number | null;
  sealed: Buffer;
  return_to: string;
}

const FIELDS = 'id, purpose, source_id, sealed, return_to';

/** Logins on their way, in SQL. Each belongs to one browser, counts once and for a short time. */
export class LoginTransactionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(transaction: NewTransaction): Promise<void> {
    await this.#database.query(
      `insert into login_transactions (id, state_hash, browser_hash, purpose, source_id, user_id, sealed, return_to, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        transaction.id,
        transaction.stateHash,
        transaction.browserHash,
        transaction.purpose,
        transaction.sourceId,
        transaction.userId,
        transaction.sealed,
        transaction.returnTo,
        transaction.expiresAt,
      ],
    );
  }

  /** Takes the login a state belongs to, once; null for another browser, a second time, or too late. */
  async take(stateHash: Buffer, browserHash: Buffer, now: Date): Promise<LoginTransaction | null> {
    const rows = await this.#database.query<StoredTransaction>(
      `update login_transactions set used_at = $3
       where state_hash = $1 and browser_hash = $2 and used_at is null and expires_at > $3 and purpose <> 'onboard'
       returning ${FIELDS}`,
      [stateHash, browserHash, now],
    );
    return rows[0] ? transactionOf(rows[0]) : null;
  }

  /** The newest choice of a name that waits in a browser. */
  async findOnboarding(browserHash: Buffer, now: Date): Promise<LoginTransaction | null> {
    const rows = await this.#database.query<StoredTransaction>(
      `select ${FIELDS} from login_transactions
       where browser_hash = $1 and purpose = 'onboard' and used_at is null and expires_at > $2
       order by created_at desc limit 1`,
      [browserHash, now],
    );
    return rows[0] ? transactionOf(rows[0]) : null;
  }

  /** Ends every choice of a name that waits in a browser. */
  async closeOnboarding(browserHash: Buffer, now: Date): Promise<void> {
    await this.#database.query(
      `update login_transactions set used_at = $2 where browser_hash = $1 and purpose = 'onboard' and used_at is null`,
      [browserHash, now],
    );
  }

  async setResult(id: string, result: object): Promise<void> {
    await this.#database.query('update login_transactions set result = $2 where id = $1', [id, JSON.stringify(result)]);
  }

  /** What came of a test; null when it is nobody's, or another's. */
  async findTest(id: string, userId: number): Promise<{ readonly result: unknown; readonly expiresAt: Date } | null> {
    const rows = await this.#database.query<{ result: unknown; expires_at: Date }>(
      `select result, expires_at from login_transactions where id = $1 and user_id = $2 and purpose = 'test'`,
      [id, userId],
    );
    return rows[0] ? { result: rows[0].result, expiresAt: rows[0].expires_at } : null;
  }

  /** Removes logins that are over by `before`; returns how many. */
  async purge(before: Date): Promise<number> {
    const rows = await this.#database.query('delete from login_transactions where expires_at < $1 returning 1', [
      before,
    ]);
    return rows.length;
  }
}

function transactionOf(row: StoredTransaction): LoginTransaction {
  return {
    id: row.id,
    purpose: row.purpose,
    sourceId: row.source_id,
    sealed: row.sealed,
    returnTo: row.return_to,
  };
}
