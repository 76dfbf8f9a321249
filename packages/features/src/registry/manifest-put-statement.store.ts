import { MAX_INDEX_DEPTH } from '@moorage/distribution';
import { artifactVerdict, charge, type Exactness, QUOTA, quotaAnswer, type QuotaStatement } from '../usage/index.ts';
import { REPOSITORY } from '../content/index.ts';

/*
 * Storing a manifest with everything that belongs to it, in one statement. Links and children it relies on are locked FOR
 * KEY SHARE, which reads them as they are now and keeps them until the commit; whoever removes one locks it FOR UPDATE
 * first and then looks for manifests that need it.
 *
 * A manifest that is there already is locked by an update that only notes when, so the statement works the same for the
 * first push, for a repeated one and for a new tag; `created` tells them apart.
 *
 * Parameters: $1 project id, $2 repository name, $3 digest, $4 whether quotas are enforced, $5 payload, $6 kind, $7 media
 * type, $8 artifact type, $9 config type, $10 whether content may be missing, $11 to $14 blobs (digest, size, type, role),
 * $15 config, $16 subject, $17 and $18 accessory of and its type, $19 Harbor's type, $20 annotations, $21 attributes, $22
 * who pushes, $23 tags, $24 event; for an index also $25 to $30 children (digest, size, type, platform, annotations, urls).
 */

const NAMED = `named as materialized (
  select * from unnest($11::bytea[], $12::bigint[], $13::text[], $14::text[])
    with ordinality as named (digest, declared_size, media_type, role, position)
)`;

const LINKS = (digests: string) => `links as materialized (
  select rb.digest, rb.size from repository_blobs rb
  where rb.repository_id = (select id from repository) and rb.digest = any(${digests})
  order by rb.digest for key share
)`;

const MISSING_BLOBS = `
  select digest, 1 as list, position from named where role <> 'foreign' and digest not in (select digest from links)`;

const OWN_SIZE = `octet_length($5::bytea)
  + (select coalesce(sum(size), 0) from links where digest in (select digest from named where role <> 'foreign'))`;

const NAMED_ROWS = `
  select stored.id, repository_id, named.digest, coalesce(links.size, declared_size), media_type, position, role
  from stored, named left join links using (digest) where created`;

/** Blobs and manifests an image is made of. An index that lists it already, from lax times, needs the statement for indexes. */
const IMAGE_PARTS = {
  content: `${NAMED}, ${LINKS('$11::bytea[]')}, missing as materialized (${MISSING_BLOBS}),
  facts as materialized (
    select ${OWN_SIZE} as size, 0 as depth,
      exists (select from manifest_children where repository_id = (select id from repository) and child_digest = $3) as listed
  )`,
  obstacle: `when listed then 'listed'`,
  rows: `named_rows as (
    insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role) ${NAMED_ROWS}
  )`,
};

/**
 * The same for an index: its children are manifests or, in old build caches, blobs. `ancestors` are indexes that were
 * pushed before this manifest; they grow with it.
 */
const INDEX_PARTS = {
  content: `${NAMED}, listed as materialized (
    select * from unnest($25::bytea[], $26::bigint[], $27::text[], $28::jsonb[], $29::jsonb[], $30::jsonb[])
      with ordinality as listed (digest, declared_size, media_type, platform, annotations, urls, position)
  ), ${LINKS('$11::bytea[] || $25::bytea[]')}, children as materialized (
    select m.digest, m.size, m.depth from manifests m
    where m.repository_id = (select id from repository) and m.digest = any($25::bytea[])
    order by m.digest for key share
  ), missing as materialized (${MISSING_BLOBS}
    union all
    select digest, 2, position from listed
    where digest not in (select digest from children union all select digest from links)
  ), ancestors (id, digest, level) as (
    select m.id, m.digest, 1 from manifest_children c join manifests m on m.id = c.manifest_id
    where c.repository_id = (select id from repository) and c.child_digest = $3
    union
    select m.id, m.digest, ancestors.level + 1 from ancestors
    join manifest_children c on c.repository_id = (select id from repository) and c.child_digest = ancestors.digest
    join manifests m on m.id = c.manifest_id
    where ancestors.level <= ${MAX_INDEX_DEPTH}
  ), facts as materialized (
    select ${OWN_SIZE} + (select coalesce(sum(size), 0) from children) as size,
      case when $6 = 'index' then 1 + (select coalesce(max(depth), 0) from children) else 0 end as depth,
      (select coalesce(max(level), 0) from ancestors) as above
  )`,
  obstacle: `when depth + above > ${MAX_INDEX_DEPTH} then 'too-deep'`,
  rows: `named_rows as (
    insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role) ${NAMED_ROWS}
    union all
    select stored.id, repository_id, listed.digest, links.size, media_type, position, 'entry'
    from stored, listed join links using (digest) where created and digest not in (select digest from children)
  ), listed_rows as (
    insert into manifest_children (manifest_id, repository_id, position, child_digest, platform, annotations, urls)
    select stored.id, repository_id, position, digest, platform, annotations, urls from stored, listed
    where created and (digest in (select digest from children) or digest not in (select digest from links))
  ), grown as (
    update manifests set size = manifests.size + stored.size, depth = greatest(manifests.depth, facts.depth + level)
    from stored, facts, (select id, max(level) as level from ancestors group by id) above
    where manifests.id = above.id and created
  )`,
};

function putStatement(parts: typeof IMAGE_PARTS, exactness: Exactness): string {
  return `
  with recursive ${REPOSITORY}, ${QUOTA}, ${parts.content}, verdict as materialized (
    select case
        when not $10 and exists (select from missing) then 'missing'
        ${parts.obstacle}
        else ${artifactVerdict(exactness, 'octet_length($5::bytea)')} end as verdict
    from facts
  ), stored as (
    insert into manifests (repository_id, project_id, digest, media_type, payload, kind, artifact_type,
      config_media_type, config_digest, subject_digest, accessory_of, accessory_type, type, size, depth,
      annotations, extra_attrs, pushed_by)
    select repository.id, $1, $3, $7, $5, $6, $8, $9, $15, $16, $17, $18, $19, facts.size, facts.depth, $20, $21, $22
    from repository, facts, verdict where verdict = 'ok'
    on conflict (repository_id, digest) do update
      set accessory_of = coalesce(manifests.accessory_of, excluded.accessory_of),
        accessory_type = coalesce(manifests.accessory_type, excluded.accessory_type), touched_at = now()
    returning id, repository_id, xmax = 0 as created, size, payload_size
  ), ${parts.rows}, moved as (
    insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, pushed_how, pushed_from)
    select repository_id, $1, name, id, $3, $22, coalesce($24::jsonb #>> '{data,how}', 'push'),
      $24::jsonb #>> '{audit,clientAddress}'
    from stored, (select name from unnest($23::text[]) as name order by name) names
    on conflict (repository_id, name) do update
      set manifest_id = excluded.manifest_id, digest = excluded.digest, previous_digest = tags.digest,
        pushed_by = excluded.pushed_by, pushed_how = excluded.pushed_how, pushed_from = excluded.pushed_from,
        push_time = now()
      where tags.digest <> excluded.digest
    returning name, previous_digest, xmax = 0 as created
  ), changed as materialized (
    select * from stored where created or exists (select from moved)
  ), ${charge(exactness, '(select payload_size as size from stored where created) pushed')}, event as (
    insert into outbox_events (name, project_id, payload)
    select case when exists (select from changed) then 'artifact.pushed' else 'artifact.push-repeated' end, $1, jsonb_set($24::jsonb, '{data}', $24::jsonb -> 'data' || jsonb_build_object(
        'repositoryId', repository_id, 'artifactId', id, 'size', size, 'created', created,
        'tags', coalesce((select jsonb_agg(jsonb_build_object(
          'name', name, 'previousDigest', digest_text(previous_digest)) order by name) from moved), '[]')))
    from stored
  ), counted as (
    insert into repository_changes (repository_id, artifacts, tags, manifest_id, untagged)
    select repository_id, created::int, (select count(*) from moved where moved.created), id,
      array(select previous_digest from moved where not moved.created)
    from changed
  ), shown as (
    update repositories set first_pushed_at = now() from changed
    where repositories.id = repository_id and first_pushed_at is null
  )
  select (select id from repository) as repository_id, exists (select from changed) as changed, verdict,
    ${quotaAnswer(exactness)},
    (select array_agg(encode(digest, 'hex') order by list, position) from missing where verdict = 'missing') as missing
  from verdict`;
}

/** For an image that no index lists; answers `listed` when one does. */
export const PUT_IMAGE: QuotaStatement = {
  far: putStatement(IMAGE_PARTS, 'far'),
  exact: putStatement(IMAGE_PARTS, 'exact'),
};

/** For an index, and for an image that an index lists already. */
export const PUT_INDEX: QuotaStatement = {
  far: putStatement(INDEX_PARTS, 'far'),
  exact: putStatement(INDEX_PARTS, 'exact'),
};
