import { allOf, type Statement, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';

/** Artifacts that are read from a few places, each of which has an index of them by push time. */
export interface SideBySide {
  /** Ids of the first so many of all places together, as a subquery. */
  readonly first: (rows: number) => Statement;
  /** One row for each of them, at most so many, as a subquery. */
  readonly counted: (limit: number) => Statement;
}

/** Places whose artifacts can be read side by side: their ids, and the column of `manifests x` that holds them. */
export interface Places {
  readonly ids: readonly number[];
  readonly column: Statement;
}

/** What is on its way to the trash is in no list any more. */
const STAYS = sql`not x.repository_id = any(array(select id from repositories where trash_item_id is not null))`;

/**
 * The artifacts of some places that meet the conditions over `manifests x`, in the order of the request and behind its
 * cursor. A page costs about as many index entries as it has rows and the places are in number, however much they hold.
 */
export function sideBySide(
  { ids, column }: Places,
  conditions: readonly Statement[],
  request: ListRequest,
): SideBySide {
  const descending = request.sort[0]?.descending !== false;
  const direction = descending ? sql`desc` : sql`asc`;
  const met = allOf([sql`x.is_listed`, STAYS, ...conditions]);
  const beyond = request.after ? beyondSql(request.after, descending) : sql`true`;
  const firstOf = (place: Statement, limit: number, within: Statement) => sql`
    select x.id, x.push_time from manifests x where ${column} = ${place} and ${met} and ${beyond} and ${within}
    order by x.push_time ${direction}, x.id ${direction} limit ${limit}`;
  // Some rows of each place make a page already; what else belongs to it is not beyond the last of these.
  const edge = descending
    ? sql`(x.push_time, x.id) >= (coalesce((select push_time from edge), '-infinity'), coalesce((select id from edge), 0))`
    : sql`(x.push_time, x.id) <= (coalesce((select push_time from edge), 'infinity'), coalesce((select id from edge), ${Number.MAX_SAFE_INTEGER}::bigint))`;
  return {
    first: (rows) => sql`(
      with heads as materialized (
        select chosen.id as place, head.push_time, head.id from unnest(${ids}::bigint[]) as chosen (id)
        cross join lateral (${firstOf(sql`chosen.id`, Math.ceil(rows / Math.max(ids.length, 1)), sql`true`)}) head
        order by head.push_time ${direction}, head.id ${direction} limit ${rows}
      ), edge as materialized (
        select push_time, id from heads order by push_time ${direction}, id ${direction} offset ${rows - 1} limit 1
      )
      select newest.id from (select distinct place from heads) ahead
      cross join lateral (${firstOf(sql`ahead.place`, rows, edge)}) newest
      order by newest.push_time ${direction}, newest.id ${direction} limit ${rows})`,
    // In no order, so that it ends as soon as there are enough.
    counted: (limit) => sql`(
      select from unnest(${ids}::bigint[]) as chosen (id) cross join lateral (
        select from manifests x where ${column} = chosen.id and ${met} limit ${limit}
      ) held limit ${limit})`,
  };
}

/** Behind the place of the cursor. Values were given out by the list; others find nothing. */
function beyondSql([time = '', id = '']: readonly string[], descending: boolean): Statement {
  if (!/^[0-9]{4,6}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}[+-][0-9:]{2,8}$/.test(time) || !/^[0-9]{1,18}$/.test(id)) {
    return sql`false`;
  }
  return descending
    ? sql`(x.push_time, x.id) < (${time}::timestamptz, ${id}::bigint)`
    : sql`(x.push_time, x.id) > (${time}::timestamptz, ${id}::bigint)`;
}
