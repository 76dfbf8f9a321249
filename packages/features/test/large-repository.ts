import type { Sql } from '@moorage/database';
import { change, image, type RegistryFixture, scope, tag } from '../src/registry/testing/registry-fixture.ts';
import { measureUsage } from '../src/usage/index.ts';

/**
 * A repository of so many manifests on a hundred layers: two thirds have a tag, every hundredth is an index of the ten
 * before it, and every fiftieth beside those is a signature of the one before it. The first has the tag `first`.
 */
export async function seedLargeRepository(
  { database, store }: RegistryFixture,
  projectId: number,
  name: string,
  manifests: number,
): Promise<void> {
  await store.putManifest(change(scope(projectId, name)), image([], { salt: 'first', tags: [tag('first')] }));
  const values = [projectId, name];
  await database.query(
    `insert into blobs (digest, size) select digest_bytes('sha256:' || encode(sha256(('layer' || n)::bytea), 'hex')), 1000
     from generate_series(1, 100) n`,
  );
  await database.query(
    `insert into repository_blobs (repository_id, digest, project_id, size)
     select r.id, digest, $1, size from blobs, repositories r where r.project_id = $1 and r.name = $2`,
    values,
  );
  await database.query(
    `with made as (
       insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by,
         subject_digest, accessory_of, accessory_type)
       select r.id, $1, digest_bytes('sha256:' || encode(sha256(n::text::bytea), 'hex')),
         'application/vnd.oci.image.manifest.v1+json', '{"n":1}', 'image', 'IMAGE', 1007, 'me', subject, subject,
         case when subject is not null then 'signature.cosign' end
       from repositories r, generate_series(1, ${manifests - 1}) n,
         lateral (select case when n % 100 = 50 then digest_bytes('sha256:' || encode(sha256((n - 1)::text::bytea), 'hex')) end
           as subject) s
       where r.project_id = $1 and r.name = $2 returning id, digest, repository_id, accessory_of
     ), tagged as (
       insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
       select repository_id, $1, 'tag-' || id, id, digest, 'me' from made
       where accessory_of is null and (id % 3 <> 0 or id % 100 = 0)
     )
     insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role)
     select id, repository_id, digest_bytes('sha256:' || encode(sha256(('layer' || 1 + id % 100)::bytea), 'hex')), 1000, 'layer', 1, 'layer'
     from made`,
    values,
  );
  await database.query(
    `insert into manifest_children (manifest_id, repository_id, position, child_digest)
     select i.id, i.repository_id, p, c.digest from manifests i, generate_series(1, 10) p, manifests c
     where i.id % 100 = 0 and i.project_id = $1 and c.id = i.id - p and c.repository_id = i.repository_id`,
    [projectId],
  );
  await database.query('select relist_manifests(array(select id from manifests))');
  await database.query(
    `update repositories r set artifact_count = (select count(*) from manifests where repository_id = r.id),
       tag_count = (select count(*) from tags where repository_id = r.id)`,
  );
  await database.query(
    `insert into project_blobs (project_id, digest, size, links)
     select $1::int, digest, 1000, 1 from blobs union all select $1::int, digest, payload_size, 1 from manifests
     on conflict do nothing`,
    [projectId],
  );
  const { counted, stored } = await measureUsage(database, projectId);
  await database.query('insert into quota_ledger (project_id, bytes) values ($1, $2)', [projectId, counted - stored]);
  await database.query('analyze');
}

/** What lists of a repository count, and how often its content is there. */
export async function contentOf(database: Sql, name: string): Promise<Record<string, number> | undefined> {
  const [row] = await database.query<Record<string, number>>(
    `select artifact_count, tag_count, count(m.id) as artifacts, count(m.id) filter (where m.is_listed) as listed,
       (select count(*) from tags where repository_id = r.id) as tags,
       (select count(*) from manifest_children where repository_id = r.id) as parts,
       (select count(*) from manifest_blobs where repository_id = r.id) as blobs,
       (select count(*) from repository_blobs where repository_id = r.id) as links
     from repositories r left join manifests m on m.repository_id = r.id where r.name = $1 group by r.id`,
    [name],
  );
  return row;
}
