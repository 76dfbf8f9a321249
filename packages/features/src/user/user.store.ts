import { AppError } from '@moorage/contracts';
import {
  containing,
  type Database,
  isSqlState,
  type ListColumns,
  type ListRows,
  listRows,
  type Sql,
  SQLSTATE,
  sql,
  type Transaction,
} from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { FIRST_ADMIN_ID, type SourceIdentity, type UserRow } from './user.rules.ts';

const COLUMNS: ListColumns = {
  user_id: { sql: sql`u.id`, kind: 'number' },
  username: { sql: sql`u.username`, kind: 'text' },
  email: { sql: sql`u.email`, kind: 'text' },
  realname: { sql: sql`u.realname`, kind: 'text' },
  comment: { sql: sql`u.comment`, kind: 'text' },
  creation_time: { sql: sql`u.created_at`, kind: 'time' },
  update_time: { sql: sql`u.updated_at`, kind: 'time' },
};
const FIELDS = sql`u.id, u.username, u.email, u.realname, u.comment, u.is_sysadmin, u.is_sysadmin_by_source, u.is_disabled, u.lapsed_at,
  u.must_change_password, u.credential_version, u.created_at, u.updated_at, u.last_login_at, u.password_hash is not null as has_password,
  u.must_change_password and u.credentials_reset_at is not null as has_reset_password,
  (select ui.confirmed_at from user_identities ui where ui.user_id = u.id) as vouched_at,
  exists (select 1 from second_factors sf where sf.user_id = u.id and sf.confirmed_at is not null) as has_second_factor`;

const CHANGE_LOCK = 4_120_261_122;

interface StoredUser {
  id: number;
  username: string;
  email: string;
  realname: string;
  comment: string;
  is_sysadmin: boolean;
  is_sysadmin_by_source: boolean;
  is_disabled: boolean;
  lapsed_at: Date | null;
  vouched_at: Date | null;
  must_change_password: boolean;
  has_reset_password: boolean;
  has_password: boolean;
  has_second_factor: boolean;
  credential_version: number;
  created_at: Date;
  updated_at: Date;
  last_login_at: Date | null;
}

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly realname: string;
  readonly comment: string;
  /** Null: the account signs in through an identity source only. */
  readonly passwordHash: string | null;
}

/** What must hold when a change is written; looked at, and locked, in its transaction. */
export type Requirement = (transaction: Transaction) => Promise<boolean>;

/** What else a creation writes, in its transaction. */
export type AlsoInCreation = (transaction: Transaction, id: number) => Promise<void>;

/** What changes about a user. */
export interface UserChange {
  readonly values: Partial<
    Pick<
      UserRow,
      | 'username'
      | 'email'
      | 'realname'
      | 'comment'
      | 'isSysadmin'
      | 'isSysadminBySource'
      | 'lapsedAt'
      | 'mustChangePassword'
    >
  > & {
    readonly passwordHash?: string;
    readonly deletedAt?: Date;
    /** Voids the personal tokens made until then. */
    readonly credentialsResetAt?: Date;
  };
  /** Ends sessions, tokens and cached credentials with the commit. */
  readonly endsCredentials: boolean;
  readonly event: DomainEvent;
}

/** A user together with the stored password, for signing in. */
export interface UserCredential {
  readonly user: UserRow;
  readonly passwordHash: string | null;
}

/** User accounts in SQL. Deleted ones are out of reach. */
export class UserStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(request: ListRequest): Promise<ListRows<UserRow>> {
    return this.#page(request, []);
  }

  /** Users whose name is `name`, or contains it when `fuzzy`. */
  async search(name: string, fuzzy: boolean, request: ListRequest): Promise<ListRows<UserRow>> {
    if (name.includes('\0')) return { rows: [], total: 0 };
    return this.#page(request, [fuzzy ? sql`u.username ilike ${containing(name)}` : sql`u.username = ${name}`]);
  }

  async find(id: number): Promise<UserRow | null> {
    return (await this.findMany([id])).get(id) ?? null;
  }

  async findMany(ids: readonly number[]): Promise<ReadonlyMap<number, UserRow>> {
    const rows = await this.#database.run<StoredUser>(
      sql`select ${FIELDS} from users u where u.id = any(${ids}::int[]) and u.deleted_at is null`,
    );
    return new Map(rows.map((row) => [row.id, rowOf(row)]));
  }

  /** The account behind a login name or, when no name is like it, an e-mail address. */
  async findCredential(login: string): Promise<UserCredential | null> {
    if (login.includes('\0')) return null;
    const rows = await this.#database.run<StoredUser & { password_hash: string | null }>(
      sql`select ${FIELDS}, u.password_hash from users u
          where u.deleted_at is null and (lower(u.username) = lower(${login}) or (u.email <> '' and lower(u.email) = lower(${login})))
          order by lower(u.username) = lower(${login}) desc limit 1`,
    );
    return rows[0] ? { user: rowOf(rows[0]), passwordHash: rows[0].password_hash } : null;
  }

  async isTaken(target: 'username' | 'email', value: string): Promise<boolean> {
    if (value.includes('\0')) return false;
    const column = target === 'username' ? sql`u.username` : sql`u.email`;
    const rows = await this.#database.run(
      sql`select 1 from users u where u.deleted_at is null and lower(${column}) = lower(${value})`,
    );
    return rows.length > 0;
  }

  /** Creates a user with the event that tells of it, and what else belongs to that. Throws CONFLICT for a taken name or address. */
  async create(user: NewUser, eventOf: (id: number) => DomainEvent, also?: AlsoInCreation): Promise<number> {
    return conflictsTold(() =>
      this.#database.transaction(async (transaction) => {
        const rows = await transaction.query<{ id: number }>(
          'insert into users (username, email, realname, comment, password_hash) values ($1, $2, $3, $4, $5) returning id',
          [user.username, user.email, user.realname, user.comment, user.passwordHash],
        );
        const id = (rows[0] as { id: number }).id;
        await also?.(transaction, id);
        await appendEvents(transaction, [eventOf(id)]);
        return id;
      }),
    );
  }

  /** Creates user 1 unless there is, or ever was, a user. False when there was. Processes that start together create one. */
  async createFirstAdmin(user: NewUser, mustChangePassword: boolean, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query('lock table users in exclusive mode');
      const rows = await transaction.query(
        `insert into users (id, username, email, realname, comment, password_hash, is_sysadmin, must_change_password)
         overriding system value
         select $1, $2, $3, $4, $5, $6, true, $7 where not exists (select 1 from users) returning 1`,
        [FIRST_ADMIN_ID, user.username, user.email, user.realname, user.comment, user.passwordHash, mustChangePassword],
      );
      if (rows.length === 0) return false;
      await transaction.query(`select setval(pg_get_serial_sequence('users', 'id'), $1)`, [FIRST_ADMIN_ID]);
      await appendEvents(transaction, [event]);
      return true;
    });
  }

  /** Whether any account exists or existed. */
  async hasUsers(): Promise<boolean> {
    return (await this.#database.query('select 1 from users limit 1')).length > 0;
  }

  /** The identity of an account at its source; null for local accounts. */
  async findIdentity(id: number): Promise<SourceIdentity | null> {
    const rows = await this.#database.query<SourceIdentity>(
      `select id, issuer, subject, cli_secret_hash is not null as "hasCliSecret", created_at as "createdAt",
         updated_at as "updatedAt" from user_identities where user_id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Whether there is a live account beside the first administrator's. */
  async hasOthers(): Promise<boolean> {
    const rows = await this.#database.query('select 1 from users where deleted_at is null and id <> $1 limit 1', [
      FIRST_ADMIN_ID,
    ]);
    return rows.length > 0;
  }

  /**
   * The only writer of an existing account, but for {@link lapseUsers}. `decide` sees the row under a lock and how many other system administrators
   * there are; null leaves it as it is. False when there is no such user, or what is required does not hold.
   */
  async change(
    id: number,
    decide: (current: UserRow, credential: string | null, otherSysadmins: number) => UserChange | null,
    requires?: Requirement,
  ): Promise<boolean> {
    return conflictsTold(() =>
      this.#database.transaction(async (transaction) => {
        // Changes of accounts are rare and go one by one: two administrators who demote each other cannot both pass.
        await transaction.query('select pg_advisory_xact_lock($1)', [CHANGE_LOCK]);
        if (requires && !(await requires(transaction))) return false;
        const rows = await transaction.run<StoredUser & { password_hash: string | null }>(
          sql`select ${FIELDS}, u.password_hash from users u where u.id = ${id} and u.deleted_at is null for no key update`,
        );
        const row = rows[0];
        if (!row) return false;
        const current = rowOf(row);
        const others = current.isSysadmin ? await countOtherSysadmins(transaction, id) : 0;
        const change = decide(current, row.password_hash, others);
        if (change === null) return true;
        await write(transaction, { ...current, passwordHash: row.password_hash, ...change.values }, change);
        await appendEvents(transaction, [change.event]);
        return true;
      }),
    );
  }

  /** Replaces a hash made with older parameters, unless the password was changed meanwhile. */
  async rehash(id: number, oldHash: string, newHash: string): Promise<void> {
    await this.#database.query('update users set password_hash = $3 where id = $1 and password_hash = $2', [
      id,
      oldHash,
      newHash,
    ]);
  }

  async noteLogin(id: number, at: Date): Promise<void> {
    await this.#database.query('update users set last_login_at = $2 where id = $1', [id, at]);
  }

  async #page(request: ListRequest, conditions: Parameters<typeof listRows>[1]['where']): Promise<ListRows<UserRow>> {
    const { rows, total } = await listRows<StoredUser>(
      this.#database,
      {
        columns: COLUMNS,
        select: FIELDS,
        from: sql`users u`,
        where: [sql`u.deleted_at is null`, ...conditions],
        tiebreak: sql`u.id`,
      },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }
}

/** Ends everything these accounts can do, until their owners sign in at the identity source again. */
export async function lapseUsers(transaction: Transaction, ids: readonly number[], at: Date): Promise<void> {
  await transaction.query(
    `update users set lapsed_at = $2, is_sysadmin_by_source = false, credential_version = credential_version + 1
     where id = any($1::int[]) and lapsed_at is null and deleted_at is null`,
    [ids, at],
  );
}

async function write(
  transaction: Transaction,
  next: UserRow & { passwordHash: string | null; deletedAt?: Date; credentialsResetAt?: Date },
  change: UserChange,
): Promise<void> {
  await transaction.query(
    `update users set username = $2, email = $3, realname = $4, comment = $5, is_sysadmin = $6, must_change_password = $7,
       password_hash = $8, deleted_at = $9, credential_version = credential_version + $10,
       credentials_reset_at = coalesce($11, credentials_reset_at), is_sysadmin_by_source = $12, lapsed_at = $13,
       updated_at = now()
     where id = $1`,
    [
      next.id,
      next.username,
      next.email,
      next.realname,
      next.comment,
      next.isSysadmin,
      next.mustChangePassword,
      next.passwordHash,
      next.deletedAt ?? null,
      change.endsCredentials ? 1 : 0,
      next.credentialsResetAt ?? null,
      next.isSysadminBySource,
      next.lapsedAt,
    ],
  );
}

async function countOtherSysadmins(transaction: Sql, id: number): Promise<number> {
  const rows = await transaction.query<{ others: number }>(
    'select count(*) as others from users where is_sysadmin and not is_disabled and deleted_at is null and id <> $1',
    [id],
  );
  return rows[0]?.others ?? 0;
}

async function conflictsTold<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSqlState(error, SQLSTATE.uniqueViolation, 'users_username'))
      throw new AppError('CONFLICT', 'username: another user has this name; choose another one.');
    if (isSqlState(error, SQLSTATE.uniqueViolation, 'users_email'))
      throw new AppError('CONFLICT', 'email: another user has this address; use another one.');
    throw error;
  }
}

function rowOf(row: StoredUser): UserRow {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    realname: row.realname,
    comment: row.comment,
    isSysadmin: row.is_sysadmin,
    isSysadminBySource: row.is_sysadmin_by_source,
    isDisabled: row.is_disabled,
    lapsedAt: row.lapsed_at,
    vouchedAt: row.vouched_at,
    mustChangePassword: row.must_change_password,
    hasResetPassword: row.has_reset_password,
    hasPassword: row.has_password,
    hasSecondFactor: row.has_second_factor,
    credentialVersion: row.credential_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastLoginAt: row.last_login_at,
  };
}
