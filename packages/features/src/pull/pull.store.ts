import type { Sql } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { digestBytes } from '../content/index.ts';

/** Pulls of one artifact by one caller since the last flush, or some of them. */
export interface RecordedPull {
  readonly projectId: number;
  readonly repository: string;
  readonly digest: Digest;
  readonly tag: string | null;
  readonly pulls: number;
  readonly lastPulledAt: Date;
  /** Payload of the event, as eventPayload() makes it. */
  readonly event: string;
}

/** Keeps a batch of pulls for {@link foldPulls} and tells of each in the outbox. Repositories that are gone are skipped. */
export async function appendPulls(sql: Sql, pulls: readonly RecordedPull[]): Promise<void> {
  await sql.query(
    `with pulls as materialized (
       select r.id as repository_id, pull.* from unnest(
         $1::int[], $2::text[], $3::bytea[], $4::text[], $5::int[], $6::timestamptz[], $7::jsonb[]
       ) with ordinality as pull (project_id, name, digest, tag, pulls, last_pulled_at, event, position)
       join repositories r on r.project_id = pull.project_id and r.name = pull.name
     ), recorded as (
       insert into pull_records (repository_id, digest, tag, pulls, last_pulled_at)
       select repository_id, digest, tag, sum(pulls), max(last_pulled_at) from pulls group by 1, 2, 3
     )
     insert into outbox_events (name, project_id, payload)
     select 'artifact.pulled', project_id, event from pulls order by position`,
    [
      pulls.map((pull) => pull.projectId),
      pulls.map((pull) => pull.repository),
      pulls.map((pull) => digestBytes(pull.digest)),
      pulls.map((pull) => pull.tag),
      pulls.map((pull) => pull.pulls),
      pulls.map((pull) => pull.lastPulledAt),
      pulls.map((pull) => pull.event),
    ],
  );
}

/**
 * Moves at most `limit` records into pull counts and pull times; answers how many. Each record counts once, however often
 * and on however many processes this runs. Rows are locked in the order of a push, and
 * the repositories' change last: a part that locks them after their own statement changed them would find none.
 */
export async function foldPulls(sql: Sql, limit = 10_000): Promise<number> {
  const [folded] = await sql.query<{ records: number }>(
    `with taken as (
       delete from pull_records where id in (
         select id from pull_records order by id limit $1 for update skip locked
       )
       returning repository_id, digest, tag, pulls, last_pulled_at
     ), locked as materialized (
       select id from repositories where id in (select repository_id from taken) order by id for key share
     ), manifests_pulled as (
       update manifests set pull_time = last_pulled_at
       from (
         select repository_id, digest, max(last_pulled_at) as last_pulled_at
         from taken join locked on id = repository_id group by 1, 2
       ) pulled
       where manifests.repository_id = pulled.repository_id and manifests.digest = pulled.digest
         and (pull_time is null or pull_time < last_pulled_at)
       returning 1
     ), tags_pulled as (
       update tags set pull_time = last_pulled_at
       from (select count(*) from manifests_pulled) after_manifests,
         (select repository_id, tag, max(last_pulled_at) as last_pulled_at from taken group by 1, 2) pulled
       where tags.repository_id = pulled.repository_id and tags.name = pulled.tag
         and (pull_time is null or pull_time < last_pulled_at)
       returning 1
     ), days_pulled as (
       insert into artifact_pull_days (repository_id, digest, day, pulls)
       select repository_id, digest, (last_pulled_at at time zone 'UTC')::date, sum(pulls)
       from taken join locked on id = repository_id group by 1, 2, 3 order by 1, 2, 3
       on conflict (repository_id, digest, day) do update set pulls = artifact_pull_days.pulls + excluded.pulls
       returning 1
     ), repositories_pulled as (
       update repositories set pull_count = pull_count + pulls
       from (select count(*) from tags_pulled) after_tags, (select count(*) from days_pulled) after_days,
         (select repository_id, sum(pulls) as pulls from taken group by 1) pulled
       where id = pulled.repository_id
     )
     select count(*) as records from taken`,
    [limit],
  );
  return folded?.records ?? 0;
}

/** Forgets days that are older than `days`, at most `limit` rows; answers how many. */
export async function prunePullDays(sql: Sql, days: number, limit: number): Promise<number> {
  const removed = await sql.query(
    `delete from artifact_pull_days where (repository_id, digest, day) in (
       select repository_id, digest, day from artifact_pull_days
       where day < (now() at time zone 'UTC')::date - $1::int order by day limit $2)
     returning 1`,
    [days, limit],
  );
  return removed.length;
}
