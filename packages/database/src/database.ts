import pg, { type Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg';
import { runMigrations } from './migrate.ts';
import type { Statement } from './statement.ts';

/** Runs parameterised statements; satisfied by the pool and by a transaction, so a store works in both. */
export interface Sql {
  /** `text` must be a constant or built from constants only; values travel as parameters. */
  query<Row extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement composed for one request, such as a filtered list. Not prepared: its shapes are too many to keep. */
  run<Row extends QueryResultRow = QueryResultRow>(statement: Statement): Promise<Row[]>;
}

/** Statements of one database transaction. */
export type Transaction = Sql;

/** Statements and transactions; what a store needs that changes more than one statement can. */
export interface TransactionalSql extends Sql {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

const TIMEOUTS_MS: { readonly statement: number; readonly connection: number } = {
  statement: 30_000,
  connection: 10_000,
};

export interface DatabaseOptions {
  /** A postgres:// URL. */
  readonly url: string;
  /** Connections kept at most; one process's share of the server's max_connections. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Told about idle connections that broke; without a listener pg would end the process. */
  readonly onConnectionError: (error: Error) => void;
  /** How long a statement may take, and a connection of the pool be waited for; {@link TIMEOUTS_MS} unless given. */
  readonly timeoutsMs?: typeof TIMEOUTS_MS;
}

const INT8 = 20;
/** Sizes, counts and ids stay below 2^53 by construction, so bigint columns are plain numbers. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text');
  },
};
/** Statement texts are constants of the code base; the cap only guards against a list builder with too many shapes. */
const MAX_PREPARED = 400;

/** The product's PostgreSQL: one pool, statements prepared by text, transactions, migrations. */
export class Database implements TransactionalSql {
  readonly #pool: Pool;
  readonly #url: string;
  readonly #names = new Map<string, string>();

  private constructor(pool: Pool, url: string) {
    this.#pool = pool;
    this.#url = url;
  }

  /** Connects and checks that the server answers. Does not migrate: see {@link Database.migrate}. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const { timeoutsMs = TIMEOUTS_MS } = options;
    const pool = new pg.Pool({
      connectionString: options.url,
      types: types as NonNullable<PoolConfig['types']>,
      application_name: options.applicationName,
      max: options.poolSize,
      statement_timeout: timeoutsMs.statement,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: timeoutsMs.connection,
    });
    pool.on('error', options.onConnectionError);
    // The pool listens to idle connections only. Who holds one that breaks learns of it by the statement that fails.
    pool.on('connect', (client) => client.on('error', () => {}));
    try {
      await pool.query('select 1');
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new Database(pool, options.url);
  }

  async query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const result = await this.#pool.query<Row>(this.#prepared(text, values));
    return result.rows;
  }

  async run<Row extends QueryResultRow = QueryResultRow>(statement: Statement): Promise<Row[]> {
    return (await this.#pool.query<Row>(statement.text, [...statement.values])).rows;
  }

  /** Runs `work` in a transaction: commits when it resolves, rolls back when it throws. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let failure: unknown;
    try {
      await client.query('begin');
      const result = await work(this.#statementsOn(client));
      await client.query('commit');
      return result;
    } catch (error) {
      // A connection that cannot roll back is broken: the pool must not lend it again.
      await client.query('rollback').catch((cause: unknown) => {
        failure = cause;
      });
      throw error;
    } finally {
      client.release(failure !== undefined);
    }
  }

  /**
   * A connection of its own for LISTEN or advisory locks. The caller must `release(true)` it.
   */
  connect(): Promise<PoolClient> {
    return this.#pool.connect();
  }

  /** Brings the schema to this version. Processes that start together wait for each other. */
  migrate(): Promise<void> {
    return runMigrations(this.#url);
  }

  /** Connections of the pool now, and statements that wait for one. */
  get connections(): { readonly busy: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  #prepared(text: string, values: readonly unknown[]): { name?: string; text: string; values: unknown[] } {
    let name = this.#names.get(text);
    if (name === undefined && this.#names.size < MAX_PREPARED) {
      name = `s${this.#names.size}`;
      this.#names.set(text, name);
    }
    return { ...(name === undefined ? {} : { name }), text, values: values as unknown[] };
  }

  #statementsOn(client: PoolClient): Sql {
    return {
      query: async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(this.#prepared(text, values))).rows,
      run: async <Row extends QueryResultRow>(statement: Statement) =>
        (await client.query<Row>(statement.text, [...statement.values])).rows,
    };
  }
}

/** SQLSTATE classes that callers branch on. */
export const SQLSTATE = { uniqueViolation: '23505', foreignKeyViolation: '23503', lockNotAvailable: '55P03' } as const;

/** Whether an error is that SQLSTATE, and, when given, names that constraint. */
export function isSqlState(error: unknown, state: string, constraint?: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const candidate = error as { code?: unknown; constraint?: unknown };
  return candidate.code === state && (constraint === undefined || candidate.constraint === constraint);
}

/** The server is starting, stopping, out of connections or memory, or cancelled a statement that took too long. */
const PASSING_STATES = [
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '53200',
  '53300',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '25P03',
];
/** One of two was chosen to lose; the same work succeeds when it is done again. */
const LOST_RACES = ['40P01', '40001'];
const SOCKET_ERRORS = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'];

/** Whether a statement failed for a reason that passes by itself, so that its caller may try again in a moment. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return [...PASSING_STATES, ...LOST_RACES, ...SOCKET_ERRORS].includes(code);
  // The driver reports a lost connection and a pool without a free one by message only.
  return (
    error.message.startsWith('Connection terminated') ||
    error.message.startsWith('timeout exceeded when trying to connect')
  );
}
