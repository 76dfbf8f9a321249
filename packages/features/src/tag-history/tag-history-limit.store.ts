import type { Sql } from '@moorage/database';

/** How much of the history stays. */
export interface HistoryLimit {
  /** Moves of one tag. */
  readonly moves: number;
  /** For so long the history of a tag that is gone. */
  readonly days: number;
}

/** A tag that has a history, whether or not it is still there. */
export interface TagPlace {
  readonly repository_id: number;
  readonly tag: string;
}

/** Each step reads one entry of an index, however many moves a tag has. */
const TAGS_AFTER = `
  with recursive seen as (
    (select repository_id, tag from tag_moves where (repository_id, tag) > ($1::bigint, $2::text)
     order by repository_id, tag limit 1)
    union all
    select next.repository_id, next.tag from seen cross join lateral (
      select repository_id, tag from tag_moves where (repository_id, tag) > (seen.repository_id, seen.tag)
      order by repository_id, tag limit 1) next
  )
  select repository_id, tag from seen limit $3`;

/*
 * Of a tag that is there, the moves before its newest ones go; of one that is gone for long, all. The last way to and
 * from an artifact that is there, or in the trash, stays: by the one it can be reverted to, and by the other retention
 * knows since when it is untagged.
 */
const TRIM = `
  with bounds as materialized (
    select given.repository_id, given.tag, newest.id as newest,
      newest.moved_at < now() - make_interval(days => $4)
        and not exists (select from tags t where t.repository_id = given.repository_id and t.name = given.tag)
        and not exists (select from trash_items i where i.repository_id = given.repository_id) as is_gone,
      (select id from tag_moves where repository_id = given.repository_id and tag = given.tag order by id desc offset $3 limit 1) as bound
    from unnest($1::bigint[], $2::text[]) as given (repository_id, tag) cross join lateral (
      select id, moved_at from tag_moves where repository_id = given.repository_id and tag = given.tag order by id desc limit 1) newest
  ), ranked as (
    select h.*, b.is_gone, b.bound,
      row_number() over (partition by h.repository_id, h.tag, h.new_digest order by h.id desc) = 1 as is_last_to,
      row_number() over (partition by h.repository_id, h.tag, h.old_digest order by h.id desc) = 1 as is_last_from
    from bounds b join tag_moves h on h.repository_id = b.repository_id and h.tag = b.tag and h.id <= b.newest
    where b.is_gone or b.bound is not null
  ), excess as (
    select id from ranked r where is_gone or id <= bound and not exists (
      select from unnest(array[case when is_last_to then new_digest end, case when is_last_from then old_digest end]) as kept (digest)
      where exists (select from manifests m where m.repository_id = r.repository_id and m.digest = kept.digest)
        or exists (select from trash_manifests tm where tm.project_id = r.project_id and tm.digest = kept.digest))
    limit $5
  ), gone as (
    delete from tag_moves where id in (select id from excess) returning 1
  )
  select count(*) as gone from gone`;

/** The next tags that have a history, at most `limit`, in the order of this list. */
export function tagsAfter(sql: Sql, after: TagPlace, limit: number): Promise<TagPlace[]> {
  return sql.query<TagPlace>(TAGS_AFTER, [after.repository_id, after.tag, limit]);
}

/** Removes at most `batch` moves of these tags beyond the limit; answers how many. */
export async function trimHistory(
  sql: Sql,
  tags: readonly TagPlace[],
  { moves, days }: HistoryLimit,
  batch: number,
): Promise<number> {
  const [row] = await sql.query<{ gone: number }>(TRIM, [
    tags.map((place) => place.repository_id),
    tags.map((place) => place.tag),
    moves,
    days,
    batch,
  ]);
  return row?.gone ?? 0;
}
