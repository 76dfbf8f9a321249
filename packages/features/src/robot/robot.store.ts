import { AppError } from '@moorage/contracts';
import {
  containing,
  type Database,
  isSqlState,
  type ListColumns,
  type ListCondition,
  type ListRows,
  listRows,
  SQLSTATE,
  type Statement,
  sql,
  type Transaction,
} from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { NamedGrant, RobotRow } from './robot.rules.ts';

/** A grant to be stored. */
export interface NewGrant {
  readonly kind: 'system' | 'project';
  /** Null with kind project: every project. */
  readonly projectId: number | null;
  readonly access: readonly string[];
}

export interface NewRobot {
  readonly projectId: number | null;
  readonly name: string;
  readonly description: string;
  readonly durationDays: number;
  readonly expiresAt: Date | null;
  readonly isDisabled: boolean;
  readonly creatorType: 'local' | 'robot';
  readonly creatorId: number;
  readonly createdAt: Date;
  readonly allowedAddresses: readonly string[];
  readonly grants: readonly NewGrant[];
}

/** What changes about a robot. */
export interface RobotChange {
  readonly description: string;
  readonly durationDays: number;
  readonly expiresAt: Date | null;
  readonly isDisabled: boolean;
  readonly allowedAddresses: readonly string[];
  /** Absent: they stay. */
  readonly grants?: readonly NewGrant[];
  /** Ends tokens and remembered credentials with the commit. */
  readonly endsCredentials: boolean;
  readonly event: DomainEvent;
}

interface StoredRobot {
  id: number;
  project_id: number | null;
  project_name: string | null;
  name: string;
  description: string;
  duration_days: number;
  expires_at: Date | null;
  is_disabled: boolean;
  creator_type: string;
  creator_id: number;
  created_at: Date;
  updated_at: Date;
  last_used_at: Date | null;
  last_used_address: string | null;
  previous_secret_until: Date | null;
  allowed_addresses: string[];
  grants: { kind: 'system' | 'project'; project_name: string | null; access: string[] }[];
}

const FIELDS = sql`r.id, r.project_id, p.name as project_name, r.name, r.description, r.duration_days, r.expires_at,
  r.is_disabled, r.creator_type, r.creator_id, r.created_at, r.updated_at, r.last_used_at, r.last_used_address,
  r.previous_secret_until, r.allowed_addresses,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', g.kind, 'project_name', gp.name, 'access', g.access) order by g.id), '[]')
   from robot_grants g left join projects gp on gp.id = g.project_id
   where g.robot_id = r.id and (g.project_id is null or gp.deleted_at is null)) as grants`;
const FROM = sql`robots r left join projects p on p.id = r.project_id`;
/** Robots of deleted projects, and those that scanners use, are not shown. */
const SHOWN = sql`r.is_visible and (r.project_id is null or p.deleted_at is null)`;

/** Robots in SQL. Those of one project are reached with its id only, those of the system with null. */
export class RobotStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of the robots of a project, or of the system's. `prefix` may stand before names in conditions. */
  async list(projectId: number | null, prefix: string, request: ListRequest): Promise<ListRows<RobotRow>> {
    const { rows, total } = await listRows<StoredRobot>(
      this.#database,
      { columns: columns(prefix), select: FIELDS, from: FROM, where: [SHOWN, inScope(projectId)], tiebreak: sql`r.id` },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  /** A robot by id, wherever it belongs: the caller must ask for rights in the project it names. */
  async locate(id: number): Promise<RobotRow | null> {
    const rows = await this.#database.run<StoredRobot>(
      sql`select ${FIELDS} from ${FROM} where r.id = ${id} and ${SHOWN}`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** Creates a robot with its grants and the event that tells of it. Throws CONFLICT for a taken name. */
  async create(
    robot: NewRobot,
    make: (id: number) => { readonly secretHash: Buffer; readonly event: DomainEvent },
  ): Promise<number> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const ids = await transaction.query<{ id: number }>(
          `select nextval(pg_get_serial_sequence('robots', 'id'))::int as id`,
        );
        const { id } = ids[0] as { id: number };
        const { secretHash, event } = make(id);
        await insertRobot(transaction, id, robot, secretHash);
        await insertGrants(transaction, id, robot.grants);
        await appendEvents(transaction, [event]);
        return id;
      });
    } catch (error) {
      if (isSqlState(error, SQLSTATE.uniqueViolation)) {
        throw new AppError('CONFLICT', `name: there is a robot ${robot.name} already; choose another name.`);
      }
      throw error;
    }
  }

  /** Changes a robot; `decide` sees it under a lock. False when there is none in that scope. */
  async change(projectId: number | null, id: number, decide: (current: RobotRow) => RobotChange): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const current = await lockRobot(transaction, projectId, id);
      if (!current) return false;
      const change = decide(current);
      await transaction.query(
        `update robots set description = $2, duration_days = $3, expires_at = $4, is_disabled = $5,
           credential_version = credential_version + $6, allowed_addresses = $7, updated_at = now() where id = $1`,
        [
          id,
          change.description,
          change.durationDays,
          change.expiresAt,
          change.isDisabled,
          change.endsCredentials ? 1 : 0,
          change.allowedAddresses,
        ],
      );
      if (change.grants) {
        await transaction.query('delete from robot_grants where robot_id = $1', [id]);
        await insertGrants(transaction, id, change.grants);
      }
      await appendEvents(transaction, [change.event]);
      return true;
    });
  }

  /**
   * Replaces the secret; the former one works on until then. Whatever worked besides that ends with the commit. False
   * when there is no such robot.
   */
  async changeSecret(
    projectId: number | null,
    id: number,
    secretHash: Buffer,
    formerUntil: Date | null,
    now: Date,
    event: DomainEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const current = await lockRobot(transaction, projectId, id);
      if (!current) return false;
      const endsFormer =
        formerUntil === null || (current.previousSecretUntil !== null && current.previousSecretUntil > now);
      await transaction.query(
        `update robots set previous_secret_hash = case when $3::timestamptz is null then null else secret_hash end,
           previous_secret_until = $3, secret_hash = $2, credential_version = credential_version + $4, updated_at = now()
         where id = $1`,
        [id, secretHash, formerUntil, endsFormer ? 1 : 0],
      );
      await appendEvents(transaction, [event]);
      return true;
    });
  }

  /** False when there is no such robot. */
  async delete(projectId: number | null, id: number, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query(
        'delete from robots where id = $1 and project_id is not distinct from $2 returning 1',
        [id, projectId],
      );
      if (rows.length > 0) await appendEvents(transaction, [event]);
      return rows.length > 0;
    });
  }
}

async function lockRobot(transaction: Transaction, projectId: number | null, id: number): Promise<RobotRow | null> {
  const rows = await transaction.run<StoredRobot>(
    sql`select ${FIELDS} from ${FROM} where r.id = ${id} and ${SHOWN} and ${inScope(projectId)} for no key update of r`,
  );
  return rows[0] ? rowOf(rows[0]) : null;
}

async function insertRobot(transaction: Transaction, id: number, robot: NewRobot, secretHash: Buffer): Promise<void> {
  await transaction.query(
    `insert into robots (id, project_id, name, description, secret_hash, duration_days, expires_at, is_disabled,
       creator_type, creator_id, created_at, updated_at, allowed_addresses)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)`,
    [
      id,
      robot.projectId,
      robot.name,
      robot.description,
      secretHash,
      robot.durationDays,
      robot.expiresAt,
      robot.isDisabled,
      robot.creatorType,
      robot.creatorId,
      robot.createdAt,
      robot.allowedAddresses,
    ],
  );
}

async function insertGrants(transaction: Transaction, robotId: number, grants: readonly NewGrant[]): Promise<void> {
  await transaction.query(
    `insert into robot_grants (robot_id, kind, project_id, access)
     select $1, kind, project_id, access from unnest($2::text[], $3::int[], $4::jsonb[]) as given (kind, project_id, access)`,
    [
      robotId,
      grants.map((grant) => grant.kind),
      grants.map((grant) => grant.projectId),
      grants.map((grant) => JSON.stringify(grant.access)),
    ],
  );
}

function inScope(projectId: number | null): Statement {
  return projectId === null ? sql`r.project_id is null` : sql`r.project_id = ${projectId}`;
}

function columns(prefix: string): ListColumns {
  return {
    id: { sql: sql`r.id`, kind: 'number' },
    name: { sql: sql`r.name`, kind: 'text', condition: (condition) => nameCondition(prefix, condition) },
    description: { sql: sql`r.description`, kind: 'text' },
    disable: { sql: sql`r.is_disabled`, kind: 'boolean' },
    duration: { sql: sql`r.duration_days`, kind: 'number' },
    expires_at: { sql: sql`coalesce(floor(extract(epoch from r.expires_at)), -1)`, kind: 'number' },
    expired: { sql: sql`(r.expires_at is not null and r.expires_at <= now())`, kind: 'boolean' },
    creation_time: { sql: sql`r.created_at`, kind: 'time' },
    update_time: { sql: sql`r.updated_at`, kind: 'time' },
    last_used_at: { sql: sql`r.last_used_at`, kind: 'time', nullable: true },
  };
}

/** Names are given bare, with the project before them, or in full. */
function nameCondition(prefix: string, condition: ListCondition): Statement | undefined {
  if (condition.op !== 'equals' && condition.op !== 'contains') return undefined;
  const text = condition.value.startsWith(prefix) ? condition.value.slice(prefix.length) : condition.value;
  const full = sql`(coalesce(p.name || '+', '') || r.name)`;
  return condition.op === 'equals'
    ? sql`(r.name = ${text} or ${full} = ${text})`
    : sql`${full} ilike ${containing(text)}`;
}

function rowOf(row: StoredRobot): RobotRow {
  const grants: NamedGrant[] = row.grants.map((grant) => ({
    kind: grant.kind,
    projectName: grant.project_name,
    access: grant.access,
  }));
  return {
    id: row.id,
    projectId: row.project_id,
    projectName: row.project_name,
    name: row.name,
    description: row.description,
    durationDays: row.duration_days,
    expiresAt: row.expires_at,
    isDisabled: row.is_disabled,
    creatorType: row.creator_type,
    creatorId: row.creator_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
    previousSecretUntil: row.previous_secret_until,
    allowedAddresses: row.allowed_addresses,
    grants,
  };
}
