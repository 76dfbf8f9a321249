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
  type Transaction,
} from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { NewGrant } from '../robot/index.ts';
import type { RuleFields, RuleRow } from './rule.rules.ts';
import { anchorsOf } from './trust.rules.ts';

interface StoredRule {
  id: number;
  project_id: number | null;
  name: string;
  description: string;
  is_disabled: boolean;
  issuer: string;
  audience: string;
  conditions: RuleRow['conditions'];
  keys: string;
  ca_certificate: string;
  token_minutes: number;
  trust_version: number;
  created_at: Date;
  updated_at: Date;
  last_used_at: Date | null;
  last_used_by: string | null;
  grants: { kind: 'system' | 'project'; project_name: string | null; access: string[] }[];
}

/** A change of a rule, decided under its lock. */
export interface RuleChange {
  readonly fields: RuleFields;
  /** Absent: they stay. */
  readonly grants?: readonly NewGrant[] | undefined;
  readonly endsTrust: boolean;
  readonly event: DomainEvent;
}

/** One scope holds at most this many rules. */
export const MAX_RULES = 200;
/** More than this fit no token; the index has already looked at its claims. */
const MAX_CANDIDATES = 500;

const FIELDS = sql`r.id, r.project_id, r.name, r.description, r.is_disabled, r.issuer, r.audience, r.conditions, r.keys,
  r.ca_certificate, r.token_minutes, r.trust_version, r.created_at, r.updated_at, r.last_used_at, r.last_used_by,
  (select coalesce(jsonb_agg(jsonb_build_object('kind', g.kind, 'project_name', gp.name, 'access', g.access) order by g.id), '[]')
   from federation_grants g left join projects gp on gp.id = g.project_id
   where g.rule_id = r.id and (g.project_id is null or gp.deleted_at is null)) as grants`;
const FROM = sql`federation_rules r left join projects p on p.id = r.project_id`;
const LIVE = sql`(r.project_id is null or p.deleted_at is null)`;
const COLUMNS: ListColumns = {
  id: { sql: sql`r.id`, kind: 'number' },
  name: { sql: sql`r.name`, kind: 'text' },
  issuer: { sql: sql`r.issuer`, kind: 'text' },
  disable: { sql: sql`r.is_disabled`, kind: 'boolean' },
  creation_time: { sql: sql`r.created_at`, kind: 'time' },
  update_time: { sql: sql`r.updated_at`, kind: 'time' },
  last_used_at: { sql: sql`r.last_used_at`, kind: 'time', nullable: true },
};

/** Trust rules in SQL. Those of one project are reached with its id only, those of the registry with null. */
export class FederationRuleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(projectId: number | null, request: ListRequest): Promise<ListRows<RuleRow>> {
    const { rows, total } = await listRows<StoredRule>(
      this.#database,
      { columns: COLUMNS, select: FIELDS, from: FROM, where: [LIVE, inScope(projectId)], tiebreak: sql`r.id` },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  /** Every rule of a scope, for trying a token. */
  async all(projectId: number | null): Promise<RuleRow[]> {
    const rows = await this.#database.run<StoredRule>(
      sql`select ${FIELDS} from ${FROM} where ${inScope(projectId)} and ${LIVE} order by r.name limit ${MAX_RULES}`,
    );
    return rows.map(rowOf);
  }

  async find(projectId: number | null, id: number): Promise<RuleRow | null> {
    const rows = await this.#database.run<StoredRule>(
      sql`select ${FIELDS} from ${FROM} where r.id = ${id} and ${inScope(projectId)} and ${LIVE}`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** The enabled rules of all scopes that tokens of this issuer with these claims may fulfil. */
  async candidates(issuer: string, anchors: readonly string[]): Promise<RuleRow[]> {
    if (issuer.includes('\0')) return [];
    const rows = await this.#database.run<StoredRule>(
      sql`select ${FIELDS} from ${FROM}
          where r.issuer = ${issuer} and not r.is_disabled and ${LIVE}
            and (r.anchors = '{}' or r.anchors && ${anchors}::text[])
          order by r.id limit ${MAX_CANDIDATES}`,
    );
    return rows.map(rowOf);
  }

  /** Makes a rule with its grants and the event that tells of it. Throws CONFLICT for a taken name, DENIED above the limit. */
  async create(
    projectId: number | null,
    fields: RuleFields,
    grants: readonly NewGrant[],
    event: DomainEvent,
  ): Promise<number> {
    return conflictsTold(fields.name, () =>
      this.#database.transaction(async (transaction) => {
        const [count] = await transaction.run<{ rules: number }>(
          sql`select count(*)::int as rules from federation_rules r where ${inScope(projectId)}`,
        );
        if ((count?.rules ?? 0) >= MAX_RULES) {
          throw new AppError(
            'DENIED',
            `There are ${MAX_RULES} trust rules here already; delete one, or join conditions.`,
          );
        }
        const rows = await transaction.run<{ id: number }>(
          sql`insert into federation_rules (project_id, name, description, is_disabled, issuer, audience, conditions,
                anchors, keys, ca_certificate, token_minutes)
              values (${projectId}, ${fields.name}, ${fields.description}, ${fields.isDisabled}, ${fields.issuer},
                ${fields.audience}, ${JSON.stringify(fields.conditions)}::jsonb, ${anchorsOf(fields.conditions)}::text[],
                ${fields.keys}, ${fields.caCertificate}, ${fields.tokenMinutes})
              returning id`,
        );
        const { id } = rows[0] as { id: number };
        await insertGrants(transaction, id, grants);
        await appendEvents(transaction, [event]);
        return id;
      }),
    );
  }

  /** Changes a rule; `decide` sees it under a lock. False when there is none in that scope. Throws CONFLICT. */
  async change(projectId: number | null, id: number, decide: (current: RuleRow) => RuleChange): Promise<boolean> {
    return conflictsTold('', () =>
      this.#database.transaction(async (transaction) => {
        const rows = await transaction.run<StoredRule>(
          sql`select ${FIELDS} from ${FROM} where r.id = ${id} and ${inScope(projectId)} and ${LIVE} for no key update of r`,
        );
        if (!rows[0]) return false;
        const { fields, grants, endsTrust, event } = decide(rowOf(rows[0]));
        await transaction.run(
          sql`update federation_rules set name = ${fields.name}, description = ${fields.description},
                is_disabled = ${fields.isDisabled}, issuer = ${fields.issuer}, audience = ${fields.audience},
                conditions = ${JSON.stringify(fields.conditions)}::jsonb, anchors = ${anchorsOf(fields.conditions)}::text[],
                keys = ${fields.keys}, ca_certificate = ${fields.caCertificate}, token_minutes = ${fields.tokenMinutes},
                trust_version = trust_version + ${endsTrust ? 1 : 0}, updated_at = now()
              where id = ${id}`,
        );
        if (grants) {
          await transaction.run(sql`delete from federation_grants where rule_id = ${id}`);
          await insertGrants(transaction, id, grants);
        }
        await appendEvents(transaction, [event]);
        return true;
      }),
    );
  }

  /** False when there is no such rule. */
  async delete(projectId: number | null, id: number, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.run(
        sql`delete from federation_rules r where r.id = ${id} and ${inScope(projectId)} returning 1`,
      );
      if (rows.length > 0) await appendEvents(transaction, [event]);
      return rows.length > 0;
    });
  }
}

async function conflictsTold<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSqlState(error, SQLSTATE.uniqueViolation)) throw error;
    throw new AppError(
      'CONFLICT',
      `name: there is a trust rule ${name || 'of that name'} already; choose another name.`,
    );
  }
}

async function insertGrants(transaction: Transaction, ruleId: number, grants: readonly NewGrant[]): Promise<void> {
  await transaction.query(
    `insert into federation_grants (rule_id, kind, project_id, access)
     select $1, kind, project_id, access from unnest($2::text[], $3::int[], $4::jsonb[]) as given (kind, project_id, access)`,
    [
      ruleId,
      grants.map((grant) => grant.kind),
      grants.map((grant) => grant.projectId),
      grants.map((grant) => JSON.stringify(grant.access)),
    ],
  );
}

function inScope(projectId: number | null): Statement {
  return projectId === null ? sql`r.project_id is null` : sql`r.project_id = ${projectId}`;
}

function rowOf(row: StoredRule): RuleRow {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    description: row.description,
    isDisabled: row.is_disabled,
    issuer: row.issuer,
    audience: row.audience,
    conditions: row.conditions,
    keys: row.keys,
    caCertificate: row.ca_certificate,
    tokenMinutes: row.token_minutes,
    trustVersion: row.trust_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastUsedAt: row.last_used_at,
    lastUsedBy: row.last_used_by,
    grants: row.grants.map((grant) => ({ kind: grant.kind, projectName: grant.project_name, access: grant.access })),
  };
}
