import { Database } from '@moorage/database';
import { PROJECT } from '../registry/contender.ts';
import { LARGE, REPOSITORIES_PER_PROJECT, SIGNED, type World } from './world.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
/** Filled without their indexes, which are made when the rows are there. */
const TABLES = ['manifests', 'tags', 'tag_moves', 'manifest_blobs'];

/**
 * Content straight into the tables: pushing it would take days. What triggers would do a row at a time is done for all.
 * `reader` becomes a developer of each tenth project.
 */
export async function seedWorld(url: string, world: World, reader: string): Promise<void> {
  const database = await Database.open({
    url,
    poolSize: 1,
    applicationName: 'bench',
    onConnectionError: () => undefined,
  });
  try {
    await database.query("set maintenance_work_mem = '512MB'");
    await database.query('set synchronous_commit = off');
    await database.query('set statement_timeout = 0');
    await seedProjects(database, world, reader);
    const indexes = await dropIndexes(database);
    await seedSigned(database, world.referrers);
    await seedLarge(database, world.tags);
    await seedOthers(database, world.artifacts - world.tags - world.referrers - 1);
    // Foreign keys are checked by the plan that fits what was known of the table.
    await database.query('analyze manifests');
    await seedTags(database);
    for (const index of indexes) await database.query(index);
    await countContent(database);
    await database.query('vacuum analyze');
  } finally {
    await database.close();
  }
}

async function dropIndexes(database: Database): Promise<readonly string[]> {
  const rows = await database.query<{ name: string; definition: string }>(
    `select quote_ident(i.indexname) as name, i.indexdef as definition from pg_indexes i
     where i.tablename = any($1::text[]) and not exists (
       select from pg_constraint c where c.conname = i.indexname and c.contype in ('p', 'u'))`,
    [TABLES],
  );
  for (const { name } of rows) await database.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}

async function seedProjects(database: Database, world: World, reader: string): Promise<void> {
  await database.query(
    `with made as (
       insert into projects (name, owner_id, is_public, created_at)
       select 'project-' || lpad(n::text, 5, '0'), 1, n % 20 = 0, now() - n * interval '1 hour' from generate_series(2, $1::int) n
       returning id
     ), quota as (insert into quotas (project_id, hard_bytes) select id, -1 from made)
     insert into project_members (project_id, entity_type, entity_id, role_id) select id, 'u', 1, 1 from made`,
    [world.projects],
  );
  await database.query(
    `insert into project_members (project_id, entity_type, entity_id, role_id)
     select p.id, 'u', u.id, 2 from projects p, users u where u.username = $1 and (p.id % 10 = 0 or p.name = $2)`,
    [reader, PROJECT],
  );
  await database.query(
    `insert into repositories (project_id, name, first_pushed_at, last_pushed_at)
     select p.id, p.name || '/app-' || n, now(), now() - (n * 1000 + p.id) * interval '1 minute'
     from projects p, generate_series(1, $1::int) n where p.name <> $2
     union all select p.id, own.name, now(), now() from projects p, unnest($3::text[]) as own (name) where p.name = $2`,
    [REPOSITORIES_PER_PROJECT, PROJECT, [LARGE, SIGNED]],
  );
}

/** Columns of a manifest whose digest follows from the name given as SQL. */
function manifests(
  name: string,
  time: string,
  more: { columns: string; values: string } = { columns: '', values: '' },
) {
  return {
    into: `insert into manifests (repository_id, project_id, digest, media_type, payload, kind, config_media_type, type, size,
      pushed_by, push_time, extra_attrs ${more.columns})`,
    select: `select r.id, r.project_id, '\\x12'::bytea || sha256(convert_to(${name}, 'UTF8')), '${MANIFEST}',
      convert_to(repeat(md5(n::text), 20), 'UTF8'), 'image', '${CONFIG}', case when n % 10 = 0 then 'CHART' else 'IMAGE' end,
      10000000 + (n::bigint * 7919) % 90000000, 'bench', ${time}, '{"os": "linux", "architecture": "amd64"}' ${more.values}`,
  };
}

async function seedSigned(database: Database, referrers: number): Promise<void> {
  const subject = manifests("'subject'", 'now()');
  await database.query(
    `${subject.into} ${subject.select} from repositories r, generate_series(1, 1) n where r.name = $1`,
    [SIGNED],
  );
  const signature = manifests("'referrer' || n", "now() - ($2 - n) * interval '1 second'", {
    columns: ', artifact_type, subject_digest, accessory_of, accessory_type, is_listed, annotations',
    values: `, 'application/vnd.dev.cosign.simplesigning.v1+json', s.digest, s.digest, 'signature.cosign', false,
      '{"dev.cosignproject.cosign/signature": "MEUCIQDkJBcW"}'`,
  });
  await database.query(
    `${signature.into} ${signature.select}
     from repositories r join manifests s on s.repository_id = r.id, generate_series(1, $2::int) n where r.name = $1`,
    [SIGNED, referrers],
  );
}

/** The name of a tag of the large repository, as {@link tagName} has it, over its number `n`. */
const TAG_NAME = "'v' || n % 50 || '.' || n % 7 || '.' || n";

/** The artifacts of the large repository share a hundred layers. */
async function seedLarge(database: Database, tags: number): Promise<void> {
  await database.query(
    `with blob as (
       insert into blobs (digest, size) select '\\x12'::bytea || sha256(('layer' || n)::bytea), 1000 + n from generate_series(0, 99) n
       returning digest, size
     ), charged as (
       insert into project_blobs (project_id, digest, size, links) select r.project_id, b.digest, b.size, 1 from blob b, repositories r where r.name = $1
     )
     insert into repository_blobs (repository_id, digest, project_id, size) select r.id, b.digest, r.project_id, b.size from blob b, repositories r where r.name = $1`,
    [LARGE],
  );
  const some = manifests(TAG_NAME, "now() - ($2::int - n) * interval '5 minutes'");
  await database.query(
    `with made as (
       ${some.into} ${some.select} from repositories r, generate_series(0, $2::int - 1) n where r.name = $1
       returning project_id, digest
     )
     insert into project_blobs (project_id, digest, size, links) select project_id, digest, 640, 1 from made`,
    [LARGE, tags],
  );
}

/** Pushes of all other repositories in turn; a tenth is annotated. */
async function seedOthers(database: Database, artifacts: number): Promise<void> {
  const some = manifests("'other' || n", "now() - ($2::int - n) * interval '30 seconds'", {
    columns: ', annotations',
    values: `, case when n % 10 = 1 then jsonb_build_object('org.opencontainers.image.revision', md5(n::text)) end`,
  });
  await database.query(
    `with places as (
       select id, project_id, row_number() over (order by id) - 1 as place
       from repositories where name not in ($1, $3)
     )
     ${some.into} ${some.select}
     from generate_series(0, $2::int - 1) n join places r on r.place = (n::bigint * 7919) % (select count(*) from places)`,
    [LARGE, artifacts, SIGNED],
  );
}

/** A tag for every artifact that is no signature, and two blobs for those of the large repository. */
async function seedTags(database: Database): Promise<void> {
  await database.query('alter table tags disable trigger user');
  await database.query(
    `insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, push_time, type, size, platforms)
     select repository_id, project_id, case when is_large then ${TAG_NAME} else 'r' || id end, id, digest, 'bench',
       push_time, type, size, '{linux/amd64}'
     from (select m.id, m.repository_id, m.project_id, m.digest, m.push_time, m.type, m.size, r.name = $1 as is_large, row_number() over (partition by repository_id order by m.id) - 1 as n
           from manifests m join repositories r on r.id = m.repository_id where m.accessory_of is null) numbered`,
    [LARGE],
  );
  await database.query('alter table tags enable trigger user');
  await database.query(
    `insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role)
     select m.id, m.repository_id, '\\x12'::bytea || sha256(('layer' || (m.id + part) % 100)::bytea), 1000, '${CONFIG}', part,
       case when part = 0 then 'config' else 'layer' end
     from manifests m join repositories r on r.id = m.repository_id, generate_series(0, 1) part where r.name = $1`,
    [LARGE],
  );
}

async function countContent(database: Database): Promise<void> {
  await database.query(
    `insert into tag_moves (project_id, repository_id, tag, new_digest, operation, moved_by, moved_at)
     select project_id, repository_id, name, digest, 'push', pushed_by, push_time from tags`,
  );
  await database.query(
    `update repositories r set artifact_count = held.artifacts, tag_count = held.tags from (
       select m.repository_id as id, count(*) as artifacts, count(t.id) as tags
       from manifests m left join tags t on t.manifest_id = m.id group by 1) held where held.id = r.id`,
  );
}
