import type { Sql, TransactionalSql } from '@moorage/database';
import { foldProject } from './quota-gate.store.ts';

/** Usage of one project: as kept, and as counted from its links and manifests. */
export interface ProjectUsage {
  readonly projectId: number;
  readonly stored: number;
  readonly counted: number;
  readonly storedArtifacts: number;
  readonly countedArtifacts: number;
}

const CONTENT = `
  select rb.digest, rb.size, 0 as trashed
  from repositories r join repository_blobs rb on rb.repository_id = r.id where r.project_id = $1
  union all
  select m.digest, m.payload_size, 0 from repositories r join manifests m on m.repository_id = r.id where r.project_id = $1
  union all select tb.digest, tb.size, 1 from trash_items i join trash_blobs tb on tb.item_id = i.id where i.project_id = $1
  union all select tm.digest, tm.payload_size, 1 from trash_items i join trash_manifests tm on tm.item_id = i.id
  where i.project_id = $1`;

/**
 * Moves the ledger of at most `limit` projects into their used bytes, project by project, so that no transaction holds
 * the rows of two. Safe at any time and on several processes: a row leaves the ledger in the statement that adds it.
 * Answers how many projects it folded.
 */
export async function foldLedger(sql: Sql, limit = 500): Promise<number> {
  const projects = await sql.query<{ project_id: number }>(
    'select distinct project_id from quota_ledger order by project_id limit $1',
    [limit],
  );
  for (const { project_id } of projects) await foldProject(sql, project_id);
  return projects.length;
}

/** Compares what is kept with a recount, in one snapshot (R14). Reads everything the project has. */
export async function measureUsage(sql: Sql, projectId: number): Promise<ProjectUsage> {
  const [usage] = await sql.query<Omit<ProjectUsage, 'projectId'>>(
    `select
       coalesce((select used_bytes from quotas where project_id = $1), 0)
         + (select coalesce(sum(bytes), 0) from quota_ledger where project_id = $1)::bigint as stored,
       (select coalesce(sum(size), 0) from (select max(size) as size from (${CONTENT}) content group by digest) one)::bigint
         as counted,
       (coalesce((select used_artifacts from quotas where project_id = $1), 0)
         + (select coalesce(sum(artifacts), 0) from quota_ledger where project_id = $1))::bigint as "storedArtifacts",
       (select count(*) from manifests where project_id = $1) as "countedArtifacts"`,
    [projectId],
  );
  if (!usage) throw new Error('a statement without a table gave no row');
  return { projectId, ...usage };
}

/**
 * Sets a project's usage to what it really has, and answers the bytes. Holds up the pushes of all projects meanwhile:
 * about a third of a second for a hundred repositories.
 */
export function recomputeUsage(database: TransactionalSql, projectId: number): Promise<number> {
  return database.transaction(async (transaction) => {
    // Whoever charges or discharges writes this table, so from here on nothing changes until the commit.
    await transaction.query('lock table project_blobs in share row exclusive mode');
    await transaction.query(
      `with counted as materialized (
         select digest, max(size) as size, count(*) as links, sum(trashed)::int as trashed from (${CONTENT}) content group by digest
       ), gone as (
         delete from project_blobs where project_id = $1 and digest not in (select digest from counted)
       )
       insert into project_blobs (project_id, digest, size, links, trashed) select $1, digest, size, links, trashed from counted
       on conflict (project_id, digest) do update
         set size = excluded.size, links = excluded.links, trashed = excluded.trashed
       where (project_blobs.size, project_blobs.links, project_blobs.trashed)
         is distinct from (excluded.size, excluded.links, excluded.trashed)`,
      [projectId],
    );
    const [quota] = await transaction.query<{ used_bytes: number }>(
      `with folded as (delete from quota_ledger where project_id = $1)
       update quotas set updated_at = now(),
         used_bytes = (select coalesce(sum(size), 0) from project_blobs where project_id = $1),
         used_artifacts = (select count(*) from manifests where project_id = $1)
       where project_id = $1 returning used_bytes`,
      [projectId],
    );
    return quota?.used_bytes ?? 0;
  });
}

/** Removes the account of a project that is deleted in the same transaction. */
export async function forgetUsage(sql: Sql, projectId: number): Promise<void> {
  await sql.query('delete from project_blobs where project_id = $1', [projectId]);
  await sql.query('delete from quota_ledger where project_id = $1', [projectId]);
}
