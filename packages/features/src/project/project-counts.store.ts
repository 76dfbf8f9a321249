import type { AnswerOf, getProjectSummary } from '@moorage/contracts';
import type { Database } from '@moorage/database';

/** What a project holds. */
export class ProjectCountsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts and quota of a project in one statement. */
  async summary(projectId: number): Promise<AnswerOf<typeof getProjectSummary>> {
    const rows = await this.#database.query<{
      members: Record<string, number>;
      robots: number;
      repositories: number;
      artifacts: number;
      tags: number;
      last_pushed_at: Date | null;
      hard_bytes: number;
      used_bytes: number;
      hard_artifacts: number;
    }>(
      `select
         (select coalesce(jsonb_object_agg(role_id, members), '{}') from (
            select role_id, count(*) as members from project_members where project_id = $1 group by role_id) as roles) as members,
         (select count(*) from robots where project_id = $1 and is_visible) as robots,
         held.repositories, held.artifacts, held.tags, held.last_pushed_at,
         coalesce(q.hard_bytes, -1) as hard_bytes, coalesce(q.hard_artifacts, -1) as hard_artifacts,
         (coalesce(q.used_bytes, 0) + coalesce((select sum(bytes) from quota_ledger where project_id = $1), 0))::bigint as used_bytes
       from (
         select count(*) as repositories, coalesce(sum(artifact_count), 0)::bigint as artifacts,
           coalesce(sum(tag_count), 0)::bigint as tags, max(last_pushed_at) as last_pushed_at
         from repositories where project_id = $1 and first_pushed_at is not null) as held
       left join quotas q on q.project_id = $1`,
      [projectId],
    );
    const row = rows[0];
    if (!row) throw new Error('an aggregate returned nothing');
    return {
      repo_count: row.repositories,
      project_admin_count: row.members['1'] ?? 0,
      maintainer_count: row.members['4'] ?? 0,
      developer_count: row.members['2'] ?? 0,
      guest_count: row.members['3'] ?? 0,
      limited_guest_count: row.members['5'] ?? 0,
      quota: {
        hard: { storage: row.hard_bytes, count: row.hard_artifacts },
        used: { storage: row.used_bytes, count: row.artifacts },
      },
      artifact_count: row.artifacts,
      tag_count: row.tags,
      robot_count: row.robots,
      ...(row.last_pushed_at === null ? {} : { last_push_time: row.last_pushed_at }),
    };
  }

  /** Repositories that were ever pushed to. */
  async repositories(projectId: number): Promise<number> {
    const rows = await this.#database.query<{ repositories: number }>(
      'select count(*) as repositories from repositories where project_id = $1 and first_pushed_at is not null',
      [projectId],
    );
    return rows[0]?.repositories ?? 0;
  }
}
