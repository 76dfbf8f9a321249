import { Database } from '@moorage/database';
import { PROJECT } from './contender.ts';

const BATCH = 10_000;

/** Artifacts of one tag each, five minutes apart, straight into the tables: pushing them would take an hour. */
export async function seedTags(url: string, repository: string, tags: number): Promise<void> {
  const database = await Database.open({
    url,
    poolSize: 1,
    applicationName: 'bench',
    onConnectionError: () => undefined,
  });
  try {
    await database.query(
      `insert into repositories (project_id, name, first_pushed_at) select id, $1, now() from projects where name = $2`,
      [repository, PROJECT],
    );
    for (let from = 0; from < tags; from += BATCH) {
      await database.query(
        `with made as (
           insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
           select r.id, r.project_id, digest_bytes('sha256:' || encode(sha256(convert_to($1 || n::text, 'UTF8')), 'hex')),
             'application/vnd.oci.image.manifest.v1+json', convert_to(repeat('x', 500), 'UTF8'), 'image', 'IMAGE', 1000 + n,
             'bench', now() - n * interval '5 minutes'
           from repositories r, generate_series($2::int, $3::int) n where r.name = $1
           returning id, repository_id, project_id, digest, size, push_time
         )
         insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time)
         select repository_id, project_id, 'v' || size % 50 || '.' || size % 7 || '.' || size, id, digest, 'bench', push_time from made`,
        [repository, from, Math.min(from + BATCH, tags) - 1],
      );
    }
    await database.query(
      'update repositories set artifact_count = $2, tag_count = $2 where name = $1 and artifact_count < $2',
      [repository, tags],
    );
    await database.query('vacuum analyze');
  } finally {
    await database.close();
  }
}
