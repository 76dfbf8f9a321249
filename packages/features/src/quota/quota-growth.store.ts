import type { Database } from '@moorage/database';
import { appendEvents } from '../outbox/index.ts';
import type { DayOfUsage } from './growth.rules.ts';

/** Kept this long. */
const KEPT_DAYS = 400;

/** What projects held at the end of each day, and when they passed their soft limit. */
export class QuotaGrowthStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Days before `day` (exclusive), at most `limit` of them and so far back, oldest first. */
  daysBefore(projectId: number, day: string, limit: number): Promise<DayOfUsage[]> {
    return this.#database.query<{ day: string; storage: number; count: number }>(
      `select to_char(day, 'YYYY-MM-DD') as day, bytes as storage, artifacts as count from quota_days
       where project_id = $1 and day < $2::date and day > $2::date - $3::int order by day`,
      [projectId, day, limit],
    );
  }

  /** Writes down what every project holds on this day; later on the same day it replaces what was written. */
  async recordDay(day: string): Promise<void> {
    await this.#database.query(
      `insert into quota_days (project_id, day, bytes, artifacts)
       select project_id, $1::date, used_bytes, used_artifacts from quotas order by project_id
       on conflict (project_id, day) do update set bytes = excluded.bytes, artifacts = excluded.artifacts
       where (quota_days.bytes, quota_days.artifacts) is distinct from (excluded.bytes, excluded.artifacts)`,
      [day],
    );
    await this.#database.query('delete from quota_days where day < $1::date - $2::int', [day, KEPT_DAYS]);
  }

  /**
   * Tells once of each project that reached its soft limit since the last look, and forgets those that fell below it.
   * `percent` is the share of the hard limit where a project has none of its own. Answers how many were told of.
   */
  async tellOfSoftLimits(percent: number): Promise<number> {
    const told = await this.#database.query(
      `with limits as (
         select id, used_bytes, case when soft_bytes >= 0 then soft_bytes
           when soft_bytes is null and hard_bytes >= 0 and $1 > 0 then floor(hard_bytes::numeric * $1 / 100) end as soft
         from quotas where hard_bytes >= 0 or soft_bytes >= 0 or warned_at is not null
       ), calmed as (
         update quotas set warned_at = null from limits
         where limits.id = quotas.id and warned_at is not null and (soft is null or limits.used_bytes < soft)
       ), warned as (
         update quotas set warned_at = now() from limits
         where limits.id = quotas.id and warned_at is null and limits.used_bytes >= soft
         returning quotas.id, project_id, quotas.used_bytes, hard_bytes, soft
       )
       insert into outbox_events (name, project_id, payload)
       select 'quota.soft-limit-reached', project_id, jsonb_build_object('data', jsonb_build_object(
         'quotaId', id, 'usedBytes', used_bytes, 'softBytes', soft, 'hardBytes', hard_bytes)) from warned
       returning id`,
      [percent],
    );
    return told.length;
  }

  /** Ids of projects with an account after one, in order. */
  async projectsAfter(projectId: number, limit: number): Promise<number[]> {
    const rows = await this.#database.query<{ project_id: number }>(
      'select project_id from quotas where project_id > $1 order by project_id limit $2',
      [projectId, limit],
    );
    return rows.map((row) => row.project_id);
  }

  /** Tells that the usage of a project had to be set right. */
  async tellOfCorrection(projectId: number, before: object, after: object): Promise<void> {
    await appendEvents(this.#database, [{ name: 'quota.corrected', projectId, data: { before, after } }]);
  }
}
