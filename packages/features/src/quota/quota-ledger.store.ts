import type { Sql } from '@moorage/database';

/** Projects folded by one call; the next call goes on. */
const MAX_PROJECTS = 500;

/**
 * Moves what the ledger holds into `quotas.used_bytes`, project by project, so that no transaction holds the rows of
 * two projects. Safe to run at any time and in several processes: a ledger row is removed in the statement that adds
 * it. Returns the number of projects folded.
 */
export async function foldLedger(sql: Sql): Promise<number> {
  const projects = await sql.query<{ project_id: number }>(
    'select distinct project_id from quota_ledger order by project_id limit $1',
    [MAX_PROJECTS],
  );
  for (const { project_id } of projects) {
    await sql.query(
      `with folded as (delete from quota_ledger where project_id = $1 returning bytes)
       update quotas set used_bytes = used_bytes + (select coalesce(sum(bytes), 0) from folded)
       where project_id = $1`,
      [project_id],
    );
  }
  return projects.length;
}
