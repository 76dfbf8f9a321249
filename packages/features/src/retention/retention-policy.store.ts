import type { RetentionRule } from '@moorage/contracts';
import { type Database, sql, type Transaction } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { writeRetentionId } from '../project/index.ts';

/** What a policy says. */
export interface PolicyFields {
  readonly unit: 'artifact' | 'tag';
  readonly rules: readonly RetentionRule[];
  /** Six fields; empty for never. */
  readonly cron: string;
  /** Percent; null as the settings say. */
  readonly confirmShare: number | null;
}

export interface RetentionPolicy extends PolicyFields {
  readonly id: number;
  readonly projectId: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface StoredPolicy {
  id: number;
  project_id: number;
  unit: 'artifact' | 'tag';
  rules: RetentionRule[];
  cron: string;
  confirm_share: number | null;
  created_at: Date;
  updated_at: Date;
}

/** What is done in the transaction of a change: the schedule, and the event that tells of it. */
export type AfterChange = (transaction: Transaction, policy: RetentionPolicy) => Promise<DomainEvent>;

const SELECTED = sql`p.id, p.project_id, p.unit, p.rules, p.cron, p.confirm_share, p.created_at, p.updated_at`;
const LIVE_PROJECT = sql`exists (select from projects where projects.id = p.project_id and projects.deleted_at is null)`;

/** Retention policies in SQL: one for each project at most. */
export class RetentionPolicyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(projectId: number): Promise<RetentionPolicy | null> {
    const rows = await this.#database.run<StoredPolicy>(
      sql`select ${SELECTED} from retention_policies p where p.project_id = ${projectId}`,
    );
    return rows[0] ? policyOf(rows[0]) : null;
  }

  /** A policy by id, wherever it belongs: the caller must ask for rights in the project it names. */
  async locate(id: number): Promise<RetentionPolicy | null> {
    const rows = await this.#database.run<StoredPolicy>(
      sql`select ${SELECTED} from retention_policies p where p.id = ${id} and ${LIVE_PROJECT}`,
    );
    return rows[0] ? policyOf(rows[0]) : null;
  }

  /**
   * Makes or replaces the policy of a project. `change` sees the present one, or null, and may throw; null when the
   * project is gone.
   */
  put(
    projectId: number,
    change: (before: RetentionPolicy | null) => PolicyFields,
    after: (transaction: Transaction, before: RetentionPolicy | null, policy: RetentionPolicy) => Promise<DomainEvent>,
  ): Promise<RetentionPolicy | null> {
    return this.#database.transaction(async (transaction) => {
      if (!(await lockProject(transaction, projectId))) return null;
      const [stored] = await transaction.run<StoredPolicy>(
        sql`select ${SELECTED} from retention_policies p where p.project_id = ${projectId}`,
      );
      const before = stored ? policyOf(stored) : null;
      const { unit, rules, cron, confirmShare } = change(before);
      const [written] = await transaction.run<StoredPolicy>(
        sql`insert into retention_policies as p (project_id, unit, rules, cron, confirm_share)
          values (${projectId}, ${unit}, ${JSON.stringify(rules)}, ${cron}, ${confirmShare})
          on conflict (project_id) do update set unit = excluded.unit, rules = excluded.rules, cron = excluded.cron,
            confirm_share = excluded.confirm_share, updated_at = now()
          returning ${SELECTED}`,
      );
      const policy = policyOf(written as StoredPolicy);
      await writeRetentionId(transaction, projectId, policy.id);
      await appendEvents(transaction, [await after(transaction, before, policy)]);
      return policy;
    });
  }

  /** False when the project has none. */
  remove(projectId: number, after: AfterChange): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      if (!(await lockProject(transaction, projectId))) return false;
      const [gone] = await transaction.run<StoredPolicy>(
        sql`delete from retention_policies p where p.project_id = ${projectId} returning ${SELECTED}`,
      );
      if (!gone) return false;
      await writeRetentionId(transaction, projectId, null);
      await appendEvents(transaction, [await after(transaction, policyOf(gone))]);
      return true;
    });
  }

  /** Of these labels, those a rule of the project may speak of: its own and the global ones. */
  async listKnownLabels(projectId: number, labelIds: readonly number[]): Promise<ReadonlySet<number>> {
    if (labelIds.length === 0) return new Set();
    const rows = await this.#database.run<{ id: number }>(
      sql`select id from labels where id = any(${labelIds}::int[]) and (project_id is null or project_id = ${projectId})`,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/** Changes of one project's policy come one after the other. */
async function lockProject(transaction: Transaction, projectId: number): Promise<boolean> {
  const rows = await transaction.run(
    sql`select from projects where id = ${projectId} and deleted_at is null for no key update`,
  );
  return rows.length > 0;
}

function policyOf(row: StoredPolicy): RetentionPolicy {
  return {
    id: row.id,
    projectId: row.project_id,
    unit: row.unit,
    rules: row.rules,
    cron: row.cron,
    confirmShare: row.confirm_share,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
