import { AppError } from '@moorage/contracts';
import { type Database, isSqlState, SQLSTATE, type Transaction } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

/** A second factor that counts. */
export interface FactorRow {
  readonly id: number;
  readonly kind: 'totp' | 'passkey';
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface StoredPasskey {
  readonly id: number;
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[];
}

/** What comes with a first factor: codes to keep, as hashes. Those there are stay. */
export interface Confirmation {
  readonly at: Date;
  readonly codeHashes: readonly Buffer[];
  readonly event: DomainEvent;
}

/** Second factors and recovery codes in SQL, always of one user. */
export class SecondFactorStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(userId: number): Promise<FactorRow[]> {
    const rows = await this.#database.query<{
      id: number;
      kind: 'totp' | 'passkey';
      name: string;
      created_at: Date;
      last_used_at: Date | null;
    }>(
      `select id, kind, name, created_at, last_used_at from second_factors
       where user_id = $1 and confirmed_at is not null order by id`,
      [userId],
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      name: row.name,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }));
  }

  async countCodes(userId: number): Promise<number> {
    const rows = await this.#database.query<{ left: number }>(
      'select count(*)::int as left from recovery_codes where user_id = $1 and used_at is null',
      [userId],
    );
    return rows[0]?.left ?? 0;
  }

  /** Keeps the secret of one-time passwords that are being set up, in place of a former try. False when there are some that count. */
  async beginTotp(userId: number, sealedSecret: Buffer, at: Date): Promise<boolean> {
    const rows = await this.#database.query(
      `insert into second_factors (user_id, kind, name, sealed_secret, created_at) values ($1, 'totp', 'Authenticator app', $2, $3)
       on conflict (user_id) where kind = 'totp' do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
         where second_factors.confirmed_at is null
       returning 1`,
      [userId, sealedSecret, at],
    );
    return rows.length > 0;
  }

  async findTotp(userId: number): Promise<{ sealedSecret: Buffer; isConfirmed: boolean } | null> {
    const rows = await this.#database.query<{ sealed_secret: Buffer; confirmed_at: Date | null }>(
      `select sealed_secret, confirmed_at from second_factors where user_id = $1 and kind = 'totp'`,
      [userId],
    );
    const row = rows[0];
    return row ? { sealedSecret: row.sealed_secret, isConfirmed: row.confirmed_at !== null } : null;
  }

  /** Lets one-time passwords count from this step on. Returns whether the codes were kept; null when nothing was to confirm. */
  async confirmTotp(userId: number, step: number, confirmation: Confirmation): Promise<boolean | null> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query(
        `update second_factors set confirmed_at = $3, last_step = $2
         where user_id = $1 and kind = 'totp' and confirmed_at is null and last_step < $2 returning 1`,
        [userId, step, confirmation.at],
      );
      return rows.length === 0 ? null : confirm(transaction, userId, confirmation);
    });
  }

  /** Takes a time step once: whoever shows the same code again, or an older one, is refused. */
  async takeStep(userId: number, step: number, at: Date): Promise<boolean> {
    const rows = await this.#database.query(
      `update second_factors set last_step = $2, last_used_at = $3
       where user_id = $1 and kind = 'totp' and confirmed_at is not null and last_step < $2 returning 1`,
      [userId, step, at],
    );
    return rows.length > 0;
  }

  async listPasskeys(userId: number): Promise<StoredPasskey[]> {
    const rows = await this.#database.query<{
      id: number;
      credential_id: Buffer;
      public_key: Buffer;
      sign_count: string | number;
      transports: string[];
    }>(
      `select id, credential_id, public_key, sign_count, transports from second_factors
       where user_id = $1 and kind = 'passkey' and confirmed_at is not null order by id`,
      [userId],
    );
    return rows.map((row) => ({
      id: row.id,
      credentialId: row.credential_id,
      publicKey: row.public_key,
      signCount: Number(row.sign_count),
      transports: row.transports,
    }));
  }

  /** Keeps a passkey. Returns whether the codes were kept. Throws CONFLICT for one that is somebody's already. */
  async addPasskey(
    userId: number,
    passkey: Omit<StoredPasskey, 'id'> & { readonly name: string },
    confirmation: Confirmation,
  ): Promise<boolean> {
    try {
      return await this.#database.transaction(async (transaction) => {
        await transaction.query(
          `insert into second_factors (user_id, kind, name, credential_id, public_key, sign_count, transports, created_at, confirmed_at)
           values ($1, 'passkey', $2, $3, $4, $5, $6, $7, $7)`,
          [
            userId,
            passkey.name,
            passkey.credentialId,
            passkey.publicKey,
            passkey.signCount,
            passkey.transports,
            confirmation.at,
          ],
        );
        return confirm(transaction, userId, confirmation);
      });
    } catch (error) {
      if (!isSqlState(error, SQLSTATE.uniqueViolation)) throw error;
      throw new AppError('CONFLICT', 'This passkey is registered already; use another one.');
    }
  }

  /** Notes a use of a passkey; false when its counter did not go up since another use (a copy of it is in use). */
  async notePasskey(userId: number, id: number, signCount: number, at: Date): Promise<boolean> {
    const rows = await this.#database.query(
      `update second_factors set sign_count = $3, last_used_at = $4
       where id = $2 and user_id = $1 and (sign_count < $3 or (sign_count = 0 and $3 = 0)) returning 1`,
      [userId, id, signCount, at],
    );
    return rows.length > 0;
  }

  /** Takes a recovery code, once. */
  async useCode(userId: number, codeHash: Buffer, at: Date): Promise<boolean> {
    const rows = await this.#database.query(
      'update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null returning 1',
      [userId, codeHash, at],
    );
    return rows.length > 0;
  }

  async replaceCodes(userId: number, codeHashes: readonly Buffer[], event: DomainEvent): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('delete from recovery_codes where user_id = $1', [userId]);
      await insertCodes(transaction, userId, codeHashes);
      await appendEvents(transaction, [event]);
    });
  }

  /** Removes a factor; the last one takes the codes with it unless `mayBeLast` is false. */
  async remove(
    userId: number,
    id: number,
    mayBeLast: boolean,
    event: DomainEvent,
  ): Promise<'removed' | 'missing' | 'last'> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query<{ id: number }>(
        'select id from second_factors where user_id = $1 and confirmed_at is not null for update',
        [userId],
      );
      if (!rows.some((row) => row.id === id)) return 'missing';
      if (rows.length === 1 && !mayBeLast) return 'last';
      await transaction.query('delete from second_factors where id = $1 and user_id = $2', [id, userId]);
      if (rows.length === 1) await transaction.query('delete from recovery_codes where user_id = $1', [userId]);
      await appendEvents(transaction, [event]);
      return 'removed';
    });
  }

  /** Removes everything; sessions and what was issued end with the commit. */
  async reset(userId: number, event: DomainEvent): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('delete from second_factors where user_id = $1', [userId]);
      await transaction.query('delete from recovery_codes where user_id = $1', [userId]);
      await transaction.query('update users set credential_version = credential_version + 1 where id = $1', [userId]);
      await appendEvents(transaction, [event]);
    });
  }
}

async function confirm(transaction: Transaction, userId: number, confirmation: Confirmation): Promise<boolean> {
  const present = await transaction.query('select 1 from recovery_codes where user_id = $1 limit 1', [userId]);
  if (present.length === 0) await insertCodes(transaction, userId, confirmation.codeHashes);
  await appendEvents(transaction, [confirmation.event]);
  return present.length === 0;
}

async function insertCodes(transaction: Transaction, userId: number, hashes: readonly Buffer[]): Promise<void> {
  await transaction.query(
    'insert into recovery_codes (user_id, code_hash) select $1, hash from unnest($2::bytea[]) as given (hash)',
    [userId, hashes],
  );
}
