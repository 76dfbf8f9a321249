import { AppError } from '@moorage/contracts';
import { type Database, isSqlState, type Sql, SQLSTATE, sql, type Transaction } from '@moorage/database';
import { lapseUsers } from '../user/index.ts';

const FIELDS = sql`i.id, i.uid, i.user_id, i.source_id, i.issuer, i.subject, i.sealed_refresh_token, i.confirmed_at,
  i.attempted_at, i.last_used_at, i.created_at, i.updated_at, i.cli_secret_set_at`;

interface StoredIdentity {
  id: number;
  uid: string;
  user_id: number;
  source_id: number | null;
  issuer: string;
  subject: string;
  sealed_refresh_token: Buffer | null;
  confirmed_at: Date;
  attempted_at: Date;
  last_used_at: Date;
  created_at: Date;
  updated_at: Date;
  cli_secret_set_at: Date | null;
}

/** Who an account belongs to at its source. */
export interface IdentityRow {
  readonly id: number;
  readonly uid: string;
  readonly userId: number;
  /** Null when the source was removed. */
  readonly sourceId: number | null;
  readonly issuer: string;
  readonly subject: string;
  readonly sealedRefreshToken: Buffer | null;
  /** When the source last vouched for the account. */
  readonly confirmedAt: Date;
  readonly attemptedAt: Date;
  readonly lastUsedAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly cliSecretSetAt: Date | null;
}

/** Where the owner of an account signs in. */
export interface AccountOwner {
  readonly userId: number;
  /** Null for a local account, and when the source was removed. */
  readonly sourceId: number | null;
  readonly hasPassword: boolean;
}

/** What a sign-in or a refresh writes. */
export interface IdentityValues {
  readonly sourceId: number;
  /** What the source said, for administrators to look at. */
  readonly profile: object;
  /** Undefined keeps the present one. */
  readonly sealedRefreshToken?: Buffer | null;
  readonly at: Date;
}

/** Links between accounts and identities of sources, in SQL. Identities of deleted accounts are nobody's. */
export class ExternalAccountStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(issuer: string, subject: string): Promise<IdentityRow | null> {
    const rows = await this.#database.run<StoredIdentity>(
      sql`select ${FIELDS} from user_identities i join users u on u.id = i.user_id and u.deleted_at is null
          where i.issuer = ${issuer} and i.subject = ${subject}`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** The identity of a live account that its source vouches for; notes that it is in use. */
  async use(userId: number, now: Date): Promise<IdentityRow | null> {
    const rows = await this.#database.run<StoredIdentity>(
      sql`update user_identities i set last_used_at = ${now} from users u
          where i.user_id = ${userId} and u.id = i.user_id and u.deleted_at is null and u.lapsed_at is null
          returning ${FIELDS}`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** Identities in use since `usedSince` that nobody has confirmed, or tried to, since the given times; the oldest first. */
  async due(since: { confirmed: Date; attempted: Date; used: Date }, limit: number): Promise<readonly IdentityRow[]> {
    const rows = await this.#database.run<StoredIdentity>(
      sql`select ${FIELDS} from user_identities i join users u on u.id = i.user_id
          where i.confirmed_at < ${since.confirmed} and i.attempted_at < ${since.attempted} and i.last_used_at > ${since.used}
            and u.deleted_at is null and u.lapsed_at is null
            and exists (select from identity_sources s where s.id = i.source_id and s.is_enabled)
          order by i.confirmed_at limit ${limit}`,
    );
    return rows.map(rowOf);
  }

  /** Sets out to ask the source; false while somebody else is at it: a refresh token must not be used twice at once. */
  async claim(id: number, now: Date, leaseMs: number): Promise<boolean> {
    const rows = await this.#database.query(
      'update user_identities set attempted_at = $2 where id = $1 and attempted_at < $3 returning 1',
      [id, now, new Date(now.getTime() - leaseMs)],
    );
    return rows.length > 0;
  }

  /** The account behind a login name or, when no name is like it, an e-mail address, and where its owner signs in. */
  async findOwner(login: string): Promise<AccountOwner | null> {
    if (login.includes('\0')) return null;
    const rows = await this.#database.run<{ id: number; source_id: number | null; has_password: boolean }>(
      sql`select u.id, i.source_id, u.password_hash is not null as has_password
          from users u left join user_identities i on i.user_id = u.id
          where u.deleted_at is null
            and (lower(u.username) = lower(${login}) or (u.email <> '' and lower(u.email) = lower(${login})))
          order by lower(u.username) = lower(${login}) desc limit 1`,
    );
    const row = rows[0];
    return row ? { userId: row.id, sourceId: row.source_id, hasPassword: row.has_password } : null;
  }

  /** Whether a source is there and enabled; it stays so until the transaction ends. */
  async holdSource(transaction: Transaction, sourceId: number): Promise<boolean> {
    const rows = await transaction.query('select 1 from identity_sources where id = $1 and is_enabled for share', [
      sourceId,
    ]);
    return rows.length > 0;
  }

  /** Links a new account. An identity whose account was deleted may have another one. Throws CONFLICT when it has one. */
  async link(
    transaction: Transaction,
    identity: IdentityValues & { userId: number; uid: string; issuer: string; subject: string },
  ): Promise<void> {
    await transaction.query(
      `delete from user_identities i using users u
       where i.issuer = $1 and i.subject = $2 and u.id = i.user_id and u.deleted_at is not null`,
      [identity.issuer, identity.subject],
    );
    await insertedOnce(
      transaction.query(
        `insert into user_identities (uid, user_id, source_id, issuer, subject, profile, sealed_refresh_token,
         confirmed_at, attempted_at, last_used_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)`,
        [
          identity.uid,
          identity.userId,
          identity.sourceId,
          identity.issuer,
          identity.subject,
          JSON.stringify(identity.profile),
          identity.sealedRefreshToken ?? null,
          identity.at,
        ],
      ),
    );
  }

  /**
   * Notes that the source vouched for the account; `isUse` when its owner was there. False when the source was removed or
   * disabled meanwhile.
   */
  async confirm(id: number, values: IdentityValues, isUse: boolean): Promise<boolean> {
    const token = values.sealedRefreshToken;
    const rows = await this.#database.query(
      `with held as (select id from identity_sources where id = $2 and is_enabled for share)
       update user_identities i set source_id = held.id, profile = $3, confirmed_at = $4,
         last_used_at = case when $7 then $4 else last_used_at end,
         sealed_refresh_token = case when $5 then sealed_refresh_token else $6 end, updated_at = now()
       from held where i.id = $1 returning 1`,
      [id, values.sourceId, JSON.stringify(values.profile), values.at, token === undefined, token ?? null, isUse],
    );
    return rows.length > 0;
  }

  /** Lapses every account of a source. */
  async lapseAllOf(transaction: Transaction, sourceId: number, at: Date): Promise<void> {
    await lapseUsers(transaction, await usersOf(transaction, sourceId), at);
  }
}

async function insertedOnce(insertion: Promise<unknown>): Promise<void> {
  try {
    await insertion;
  } catch (error) {
    if (!isSqlState(error, SQLSTATE.uniqueViolation, 'user_identities_issuer_subject_key')) throw error;
    throw new AppError('CONFLICT', 'You have an account here already; sign in again to use it.');
  }
}

async function usersOf(database: Sql, sourceId: number): Promise<number[]> {
  const rows = await database.query<{ user_id: number }>('select user_id from user_identities where source_id = $1', [
    sourceId,
  ]);
  return rows.map((row) => row.user_id);
}

function rowOf(row: StoredIdentity): IdentityRow {
  return {
    id: row.id,
    uid: row.uid,
    userId: row.user_id,
    sourceId: row.source_id,
    issuer: row.issuer,
    subject: row.subject,
    sealedRefreshToken: row.sealed_refresh_token,
    confirmedAt: row.confirmed_at,
    attemptedAt: row.attempted_at,
    lastUsedAt: row.last_used_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    cliSecretSetAt: row.cli_secret_set_at,
  };
}
