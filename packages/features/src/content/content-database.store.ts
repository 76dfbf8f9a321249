import { StorageFull, StoreUnavailable } from '@moorage/distribution';
import { isPassing, isSqlState, type Statement, type Transaction, type TransactionalSql } from '@moorage/database';
import type { QueryResultRow } from 'pg';

/** Deadlocks end for one of two; a statement that lost is simply run again. */
const MAX_ATTEMPTS = 5;
const RETRYABLE = ['40P01', '40001'] as const;
const DISK_FULL = '53100';
/** Raised by the triggers that keep immutable tags and held artifacts; see the migration that makes them. */
const KEPT = 'MR001';

/** A change that an immutability rule, a lock or a legal hold refused; nothing of it happened. The message is for the user. */
export class Kept extends Error {}

/**
 * The database as the engine's stores use it: what fails for a passing reason is repeated or raised as
 * {@link StoreUnavailable}, so that clients get a 503 and try again.
 */
export class ContentDatabase implements TransactionalSql {
  readonly #database: TransactionalSql;

  constructor(database: TransactionalSql) {
    this.#database = database;
  }

  query<Row extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return attempt(() => this.#database.query<Row>(text, values));
  }

  run<Row extends QueryResultRow = QueryResultRow>(statement: Statement): Promise<Row[]> {
    return attempt(() => this.#database.run<Row>(statement));
  }

  /** Runs `work` in a transaction; it may run more than once and must change nothing but the database. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return attempt(() => this.#database.transaction(work));
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await work();
    } catch (error) {
      if (attempts < MAX_ATTEMPTS && RETRYABLE.some((state) => isSqlState(error, state))) continue;
      throw engineError(error);
    }
  }
}

function engineError(error: unknown): unknown {
  if (error instanceof Error && isSqlState(error, KEPT)) return new Kept(error.message);
  if (isSqlState(error, DISK_FULL)) return new StorageFull(error);
  return isPassing(error) ? new StoreUnavailable(error) : error;
}
