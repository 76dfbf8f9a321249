import { AppError, type SourceKind } from '@moorage/contracts';
import {
  type Database,
  isSqlState,
  type ListColumns,
  type ListRows,
  listRows,
  type Sql,
  SQLSTATE,
  sql,
} from '@moorage/database';
import type { Transaction } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { ShownSource } from './identity-source.rules.ts';

const CHANGE_LOCK = 4_120_261_131;

const COLUMNS: ListColumns = {
  id: { sql: sql`s.id`, kind: 'number' },
  kind: { sql: sql`s.kind`, kind: 'text' },
  name: { sql: sql`s.name`, kind: 'text' },
  enabled: { sql: sql`s.is_enabled`, kind: 'boolean' },
  position: { sql: sql`s.position`, kind: 'number' },
  creation_time: { sql: sql`s.created_at`, kind: 'time' },
  update_time: { sql: sql`s.updated_at`, kind: 'time' },
};
const FIELDS = sql`s.id, s.uid, s.kind, s.name, s.settings, s.sealed_secrets, s.is_enabled, s.position, s.created_at, s.updated_at,
  not exists (select from identity_sources o where o.kind = s.kind and o.id < s.id) as is_first`;

interface StoredSource {
  id: number;
  uid: string;
  kind: SourceKind;
  name: string;
  settings: Record<string, unknown>;
  sealed_secrets: Buffer | null;
  is_enabled: boolean;
  is_first: boolean;
  position: number;
  created_at: Date;
  updated_at: Date;
}

/** A source as stored. */
export interface SourceRow extends ShownSource {
  /** Place its secrets are sealed for. */
  readonly uid: string;
  readonly sealedSecrets: Buffer | null;
}

/** Everything about a source that is written. */
export interface SourceValues {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sealedSecrets: Buffer | null;
  readonly isEnabled: boolean;
  readonly position: number;
}

/** Identity sources in SQL. */
export class IdentitySourceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(request: ListRequest): Promise<ListRows<SourceRow>> {
    const { rows, total } = await listRows<StoredSource>(
      this.#database,
      { columns: COLUMNS, select: FIELDS, from: sql`identity_sources s`, where: [], tiebreak: sql`s.id` },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  /** All sources in the order of the sign-in page. There are few. */
  async all(): Promise<readonly SourceRow[]> {
    const rows = await this.#database.run<StoredSource>(
      sql`select ${FIELDS} from identity_sources s order by s.position, s.id`,
    );
    return rows.map(rowOf);
  }

  find(id: number): Promise<SourceRow | null> {
    return findIn(this.#database, id);
  }

  /** Runs `work` in a transaction in which nobody else changes sources. */
  changing<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#database.transaction(work);
  }

  /** The source under the lock of changes; null when there is none. */
  async lock(transaction: Transaction, id: number): Promise<SourceRow | null> {
    await transaction.query('select pg_advisory_xact_lock($1)', [CHANGE_LOCK]);
    // Before anything else is written: who holds a source while an account is taken in goes first, or sees the change.
    await transaction.query('select 1 from identity_sources where id = $1 for update', [id]);
    return findIn(transaction, id);
  }

  /** The source that is the first of its kind without the given one; null when there is none. */
  async nextFirstId(transaction: Transaction, kind: SourceKind, withoutId: number): Promise<number | null> {
    const rows = await transaction.query<{ id: number }>(
      'select id from identity_sources where kind = $1 and id <> $2 order by id limit 1',
      [kind, withoutId],
    );
    return rows[0]?.id ?? null;
  }

  /** The oldest source of a kind under the lock of changes; null when there is none. */
  async lockFirst(transaction: Transaction, kind: SourceKind): Promise<SourceRow | null> {
    await transaction.query('select pg_advisory_xact_lock($1)', [CHANGE_LOCK]);
    const rows = await transaction.run<StoredSource>(
      sql`select ${FIELDS} from identity_sources s where s.kind = ${kind} order by s.id limit 1 for update of s`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** Throws CONFLICT for a taken name or issuer. */
  async insert(
    transaction: Transaction,
    source: SourceValues & { readonly uid: string; readonly kind: SourceKind },
    event: DomainEvent,
  ): Promise<number> {
    return conflictsTold(async () => {
      const rows = await transaction.query<{ id: number }>(
        `insert into identity_sources (uid, kind, name, settings, sealed_secrets, is_enabled, position)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [
          source.uid,
          source.kind,
          source.name,
          JSON.stringify(source.settings),
          source.sealedSecrets,
          source.isEnabled,
          source.position,
        ],
      );
      await appendEvents(transaction, [event]);
      return (rows[0] as { id: number }).id;
    });
  }

  /** Throws CONFLICT for a taken name or issuer. */
  async update(transaction: Transaction, id: number, source: SourceValues, event: DomainEvent): Promise<void> {
    await conflictsTold(async () => {
      await transaction.query(
        `update identity_sources set name = $2, settings = $3, sealed_secrets = $4, is_enabled = $5, position = $6,
           updated_at = now() where id = $1`,
        [id, source.name, JSON.stringify(source.settings), source.sealedSecrets, source.isEnabled, source.position],
      );
      await appendEvents(transaction, [event]);
    });
  }

  async delete(transaction: Transaction, id: number, event: DomainEvent): Promise<void> {
    await transaction.query('delete from identity_sources where id = $1', [id]);
    await appendEvents(transaction, [event]);
  }
}

async function findIn(database: Sql, id: number): Promise<SourceRow | null> {
  const rows = await database.run<StoredSource>(sql`select ${FIELDS} from identity_sources s where s.id = ${id}`);
  return rows[0] ? rowOf(rows[0]) : null;
}

async function conflictsTold<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSqlState(error, SQLSTATE.uniqueViolation, 'identity_sources_name'))
      throw new AppError('CONFLICT', 'name: another identity source has this name; choose another one.');
    if (isSqlState(error, SQLSTATE.uniqueViolation, 'identity_sources_issuer'))
      throw new AppError('CONFLICT', 'endpoint: another identity source has this issuer; change that one.');
    throw error;
  }
}

function rowOf(row: StoredSource): SourceRow {
  return {
    id: row.id,
    uid: row.uid,
    kind: row.kind,
    name: row.name,
    settings: row.settings,
    sealedSecrets: row.sealed_secrets,
    hasSecrets: row.sealed_secrets !== null,
    isEnabled: row.is_enabled,
    isFirst: row.is_first,
    position: row.position,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
