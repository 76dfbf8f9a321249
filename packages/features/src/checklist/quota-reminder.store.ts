import type { QuotaReminder } from '@moorage/contracts';
import { type Database, sql } from '@moorage/database';
import { projectFilter } from '../access/index.ts';
import type { Principal } from '../http/index.ts';

const MAX_ROWS = 20;

/** Projects near a limit, as far as somebody may see their quotas. */
export class QuotaReminderStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The first {@link MAX_ROWS} that have used `percent` of a limit or passed their soft limit, the fullest first. */
  async list(principal: Principal, percent: number): Promise<QuotaReminder[]> {
    const rows = await this.#database.run<{
      name: string;
      used: number;
      hard: number;
      artifacts: number;
      hard_artifacts: number;
      full: boolean;
    }>(
      sql`with usage as (
            select p.name, q.hard_bytes as hard, q.hard_artifacts, q.soft_bytes as soft,
              (q.used_bytes + coalesce(l.bytes, 0))::bigint as used, (q.used_artifacts + coalesce(l.artifacts, 0))::bigint as artifacts
            from quotas q
            join projects p on p.id = q.project_id and p.deleted_at is null
            left join lateral (
              select sum(bytes) as bytes, sum(artifacts) as artifacts from quota_ledger where project_id = q.project_id
            ) l on true
            where (q.hard_bytes >= 0 or q.hard_artifacts >= 0 or q.soft_bytes >= 0) and ${projectFilter(principal, 'quota:read')}
          ), shares as (
            select *, greatest(case when hard >= 0 then used::numeric / greatest(hard, 1) end,
              case when hard_artifacts >= 0 then artifacts::numeric / greatest(hard_artifacts, 1) end) as share
            from usage
          )
          select name, used, hard, artifacts, hard_artifacts, coalesce(share, 0) >= 1 as full
          from shares where share * 100 >= ${percent} or (soft >= 0 and used >= soft)
          order by share desc nulls last, name limit ${MAX_ROWS}`,
    );
    return rows.map((row) => ({
      project_name: row.name,
      hard: { storage: row.hard, count: row.hard_artifacts },
      used: { storage: row.used, count: row.artifacts },
      full: row.full,
    }));
  }
}
