import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@moorage/database';
import type { RegistryUser } from '../campaign/registry-user.ts';
import { contentNeededBy, type StoredManifest } from './stored-blobs.rules.ts';

/** At most this many digests are named in one violation. */
const NAMED = 5;

/**
 * V3: after collections and a scan without grace the store holds exactly what the manifests need, in both directions, and
 * after the purge of uploads no file or session of one.
 * V4: each project's usage, in bytes and in artifacts, is what a recount from the manifests gives.
 */
export async function checkStorage(user: RegistryUser, database: Database, dataDirectory: string): Promise<number> {
  const manifests = await readManifests(database);
  const needed = contentNeededBy(manifests);
  const stored = new Set(listBlobs(join(dataDirectory, 'registry/blobs')));
  const missing = [...needed.blobs].filter((digest) => !stored.has(digest));
  const left = [...stored].filter((digest) => !needed.blobs.has(digest));
  if (missing.length > 0) user.note('V3', `${missing.length} needed blobs are not stored: ${named(missing)}`);
  if (left.length > 0) user.note('V3', `${left.length} stored blobs are needed by nothing: ${named(left)}`);
  const uploads = readdirSync(join(dataDirectory, 'registry/uploads'));
  if (uploads.length > 0) user.note('V3', `${uploads.length} files of dead uploads are left: ${named(uploads)}`);
  const [sessions] = await database.query<{ count: number }>('select count(*) as count from uploads');
  if (Number(sessions?.count) !== 0) user.note('V3', `${sessions?.count} dead uploads are left`);
  await checkUsage(user, database, (project) => ({
    bytes: needed.bytesByProject.get(project) ?? 0,
    artifacts: manifests.filter((manifest) => manifest.project === project).length,
  }));
  return stored.size;
}

interface Usage {
  readonly bytes: number;
  readonly artifacts: number;
}

async function checkUsage(
  user: RegistryUser,
  database: Database,
  expectedOf: (project: number) => Usage,
): Promise<void> {
  const rows = await database.query<Usage & { project_id: number }>(
    `select q.project_id, (q.used_bytes + coalesce(sum(l.bytes), 0))::bigint as bytes,
       (q.used_artifacts + coalesce(sum(l.artifacts), 0))::bigint as artifacts
     from quotas q left join quota_ledger l on l.project_id = q.project_id group by q.id`,
  );
  for (const { project_id: project, ...used } of rows) {
    const expected = expectedOf(project);
    for (const what of ['bytes', 'artifacts'] as const)
      if (Number(used[what]) !== expected[what])
        user.note('V4', `project ${project} is charged ${used[what]} ${what} and has ${expected[what]}`);
  }
}

async function readManifests(database: Database): Promise<StoredManifest[]> {
  const rows = await database.query<{ repository: string; project_id: number; digest: string; payload: Buffer }>(
    `select r.name as repository, m.project_id, digest_text(m.digest) as digest, m.payload
     from manifests m join repositories r on r.id = m.repository_id`,
  );
  return rows.map(({ project_id: project, ...row }) => ({ ...row, project }));
}

function listBlobs(root: string): string[] {
  return readdirSync(root).flatMap((algorithm) =>
    readdirSync(join(root, algorithm)).flatMap((prefix) =>
      readdirSync(join(root, algorithm, prefix)).map((hex) => `${algorithm}:${hex}`),
    ),
  );
}

function named(digests: readonly string[]): string {
  return `${digests.slice(0, NAMED).join(', ')}${digests.length > NAMED ? ' …' : ''}`;
}
