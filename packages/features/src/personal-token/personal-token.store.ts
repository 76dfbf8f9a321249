import { AppError } from '@moorage/contracts';
import {
  type Database,
  isSqlState,
  type ListColumns,
  type ListRows,
  listRows,
  SQLSTATE,
  type Statement,
  sql,
} from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { PersonalTokenRow, TokenGrant } from './personal-token.rules.ts';

export interface NewPersonalToken {
  readonly userId: number;
  readonly name: string;
  readonly description: string;
  readonly tokenHash: Buffer;
  readonly grants: readonly Omit<TokenGrant, 'projectName'>[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

interface StoredToken {
  id: number;
  user_id: number;
  name: string;
  description: string;
  is_narrowed: boolean;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  last_used_address: string | null;
  grants: { kind: 'system' | 'project'; project_id: number | null; project_name: string | null; access: string[] }[];
}

const FIELDS = sql`t.id, t.user_id, t.name, t.description, t.is_narrowed, t.created_at, t.expires_at, t.last_used_at,
  t.last_used_address,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', g.kind, 'project_id', g.project_id, 'project_name', gp.name,
     'access', g.access) order by g.id), '[]')
   from personal_token_grants g left join projects gp on gp.id = g.project_id
   where g.token_id = t.id and (g.project_id is null or gp.deleted_at is null)) as grants`;
/** Tokens made before somebody else set the password are void, and as good as deleted. */
const FROM = sql`personal_tokens t join users u on u.id = t.user_id and u.deleted_at is null
  and (u.credentials_reset_at is null or t.created_at > u.credentials_reset_at)`;
const COLUMNS: ListColumns = {
  id: { sql: sql`t.id`, kind: 'number' },
  name: { sql: sql`t.name`, kind: 'text' },
  creation_time: { sql: sql`t.created_at`, kind: 'time' },
  expires_at: { sql: sql`coalesce(floor(extract(epoch from t.expires_at)), -1)`, kind: 'number' },
  last_used_at: { sql: sql`t.last_used_at`, kind: 'time', nullable: true },
};

/** Personal tokens in SQL. Those of one user are reached with his id; only signing in looks them up by hash or id alone. */
export class PersonalTokenStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(userId: number, request: ListRequest): Promise<ListRows<PersonalTokenRow>> {
    const { rows, total } = await listRows<StoredToken>(
      this.#database,
      { columns: COLUMNS, select: FIELDS, from: FROM, where: [sql`t.user_id = ${userId}`], tiebreak: sql`t.id` },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  async find(userId: number, id: number): Promise<PersonalTokenRow | null> {
    return (await this.#select(sql`t.user_id = ${userId} and t.id = ${id}`))[0] ?? null;
  }

  /** The token with this hash, while it lives. */
  async findByHash(tokenHash: Buffer, now: Date): Promise<PersonalTokenRow | null> {
    return (await this.#select(sql`t.token_hash = ${tokenHash} and ${isAlive(now)}`))[0] ?? null;
  }

  /** Tokens that live, by id; one statement. */
  findMany(ids: readonly number[], now: Date): Promise<PersonalTokenRow[]> {
    return this.#select(sql`t.id = any(${ids}::int[]) and ${isAlive(now)}`);
  }

  /** Keeps a new token with the event that tells of it. Throws CONFLICT for a taken name, DENIED above `limit` tokens. */
  async create(token: NewPersonalToken, limit: number, event: DomainEvent): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query('select 1 from users where id = $1 for no key update', [token.userId]);
      // Void ones only hold their names.
      await transaction.query(
        `delete from personal_tokens t using users u
         where u.id = t.user_id and t.user_id = $1 and t.created_at <= u.credentials_reset_at`,
        [token.userId],
      );
      const counted = await transaction.query<{ count: number }>(
        'select count(*)::int as count from personal_tokens where user_id = $1',
        [token.userId],
      );
      if ((counted[0]?.count ?? 0) >= limit) {
        throw new AppError('DENIED', `You have ${limit} personal tokens already; delete one first.`);
      }
      const id = await namesTaken(token.name, async () => {
        const rows = await transaction.query<{ id: number }>(
          `insert into personal_tokens (user_id, name, description, token_hash, is_narrowed, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7) returning id`,
          [
            token.userId,
            token.name,
            token.description,
            token.tokenHash,
            token.grants !== null,
            token.createdAt,
            token.expiresAt,
          ],
        );
        return (rows[0] as { id: number }).id;
      });
      const grants = token.grants ?? [];
      await transaction.query(
        `insert into personal_token_grants (token_id, kind, project_id, access)
         select $1, kind, project_id, access from unnest($2::text[], $3::int[], $4::jsonb[]) as given (kind, project_id, access)`,
        [
          id,
          grants.map((grant) => grant.kind),
          grants.map((grant) => grant.projectId),
          grants.map((grant) => JSON.stringify(grant.access)),
        ],
      );
      await appendEvents(transaction, [event]);
      return id;
    });
  }

  /** False when the user has no such token. */
  async delete(userId: number, id: number, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query('delete from personal_tokens where id = $1 and user_id = $2 returning 1', [
        id,
        userId,
      ]);
      if (rows.length > 0) await appendEvents(transaction, [event]);
      return rows.length > 0;
    });
  }

  /** Notes a use unless one less than a minute older is noted. */
  async noteUse(id: number, at: Date, address: string): Promise<void> {
    await this.#database.query(
      `update personal_tokens set last_used_at = $2, last_used_address = $3
       where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')`,
      [id, at, address],
    );
  }

  async #select(where: Statement): Promise<PersonalTokenRow[]> {
    const rows = await this.#database.run<StoredToken>(sql`select ${FIELDS} from ${FROM} where ${where}`);
    return rows.map(rowOf);
  }
}

function isAlive(now: Date): Statement {
  return sql`(t.expires_at is null or t.expires_at > ${now}) and not u.is_disabled`;
}

async function namesTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSqlState(error, SQLSTATE.uniqueViolation)) throw error;
    throw new AppError('CONFLICT', `name: you have a token ${JSON.stringify(name)} already; choose another name.`);
  }
}

function rowOf(row: StoredToken): PersonalTokenRow {
  const grants = row.grants.map((grant) => ({
    kind: grant.kind,
    projectId: grant.project_id,
    projectName: grant.project_name,
    access: grant.access,
  }));
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    description: row.description,
    grants: row.is_narrowed ? grants : null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
  };
}
