import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@moorage/database';
import type { RegistryUser } from '../campaign/registry-user.ts';

/** What must have no rows when everything is quiet, and why. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'tags that name another digest than their manifest has':
    'select count(*) from tags t join manifests m on m.id = t.manifest_id where m.digest <> t.digest or m.repository_id <> t.repository_id',
  'parts of an index that are not in its repository': `select count(*) from manifest_children c where not exists
    (select from manifests m where m.repository_id = c.repository_id and m.digest = c.child_digest)`,
  'blobs of a manifest that its repository has no link to': `select count(*) from manifest_blobs b
    where b.role <> 'foreign' and not exists
    (select from repository_blobs l where l.repository_id = b.repository_id and l.digest = b.digest)`,
  'links without a blob':
    'select count(*) from repository_blobs l where not exists (select from blobs b where b.digest = l.digest)',
  'accounts with a wrong number of links': `select count(*) from project_blobs p where p.links < 1`,
  'repositories with wrong counters': `select count(*) from repositories r where
    r.tag_count <> (select count(*) from tags t where t.repository_id = r.id)
    or r.artifact_count <> (select count(*) from manifests m where m.repository_id = r.id)`,
  'pushes nobody has counted': 'select count(*) from repository_changes',
  'artifacts that lists show or hide wrongly':
    'select count(*) from manifests m where m.is_listed <> is_manifest_listed(m)',
  'repositories with a wrong number of listed artifacts': `select count(*) from repositories r where
    r.listed_count + (select coalesce(sum(l.listed), 0) from listed_changes l where l.repository_id = r.id)
    <> (select count(*) from manifests m where m.repository_id = r.id and m.is_listed)`,
  'items of the trash that are neither kept nor gone': "select count(*) from trash_items where state <> 'kept'",
  'blobs of the trash that are not there': `select count(*) from trash_manifests t, jsonb_array_elements(t.blobs) b
    where b ->> 'role' <> 'foreign' and not exists (select from blobs where digest = (b ->> 'digest')::bytea)`,
  'tasks of executions that have ended': `select count(*) from tasks t join executions e on e.id = t.execution_id
    where e.ended_at is not null and t.ended_at is null`,
  'tasks without an end':
    "select count(*) from tasks where ended_at is null and heartbeat_at is not null and heartbeat_at < now() - interval '2 minutes'",
  'uploads that a dead process still claims':
    "select count(*) from uploads where claimed_until > now() + interval '5 minutes'",
};

/** What a schedule started a moment ago, as the clock struck, gets so long to end. */
const PATIENCE_MS = 60_000;

interface OpenExecution {
  readonly id: number;
  readonly vendor_type: string;
  readonly status: string;
}

/** V5: no row that contradicts another, no execution or task without an end, no claim that outlives its process. */
export async function checkRows(user: RegistryUser, database: Database): Promise<void> {
  for (const [what, statement] of Object.entries(IMPOSSIBLE)) {
    const [row] = await database.query<{ count: number }>(statement);
    if (Number(row?.count) !== 0) user.note('V5', `${row?.count} ${what}`);
  }
  for (const { id, vendor_type: kind, status } of await endless(database))
    user.note('V5', `execution ${id} of ${kind} is still ${status}`);
}

/** Executions that are under way and do not end either. */
async function endless(database: Database): Promise<readonly OpenExecution[]> {
  const open = (among: readonly number[] | null) =>
    database.query<OpenExecution>(
      `select id, vendor_type, status from executions
       where ended_at is null and status in ('Pending', 'Running') and ($1::bigint[] is null or id = any($1))`,
      [among],
    );
  let found = await open(null);
  for (const end = performance.now() + PATIENCE_MS; found.length > 0 && performance.now() < end; ) {
    await sleep(250);
    found = await open(found.map(({ id }) => id));
  }
  return found;
}
