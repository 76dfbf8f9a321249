import type { Transaction } from '@moorage/database';
import { chargeRestored } from '../usage/index.ts';

/** An item of the trash, and the repository its content goes to. */
export interface WayBack {
  readonly projectId: number;
  readonly itemId: number;
  readonly repositoryId: number;
}

/** A tag that comes back, under the name it had or another. */
export interface TagBack {
  readonly name: string;
  readonly as: string;
}

/**
 * What is there already stays as it is, and is held: who deletes a part of what comes back must find what it is part of.
 * The same with links. An id is taken again only if nobody has it: never for a copy. */
const PUT_MANIFESTS = `
  with made as (
    insert into manifests (id, repository_id, project_id, digest, media_type, payload, kind, artifact_type,
      config_media_type, config_digest, subject_digest, accessory_of, accessory_type, type, size, depth, annotations,
      extra_attrs, pushed_by, push_time, pull_time)
    overriding system value
    select case when tm.is_copy or exists (select from manifests where id = tm.manifest_id)
        then nextval(pg_get_serial_sequence('manifests', 'id')) else tm.manifest_id end,
      $2, $3, tm.digest, c.media_type, tm.payload, c.kind, c.artifact_type, c.config_media_type, c.config_digest,
      c.subject_digest, c.accessory_of, c.accessory_type, c.type, c.size, c.depth, c.annotations, c.extra_attrs,
      c.pushed_by, c.push_time, c.pull_time
    from trash_manifests tm, jsonb_populate_record(null::manifests, tm.columns) c
    where tm.item_id = $1 and tm.digest in (select decode(hex, 'hex') from unnest($4::text[]) hex) order by tm.digest
    on conflict (repository_id, digest) do update set media_type = excluded.media_type where false
    returning id, digest
  ), blobs as (
    insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role)
    select made.id, $2, b.digest, b.size, b.media_type, b.position, b.role
    from made join trash_manifests tm on tm.item_id = $1 and tm.digest = made.digest,
      jsonb_populate_recordset(null::manifest_blobs, tm.blobs) b
  ), children as (
    insert into manifest_children (manifest_id, repository_id, position, child_digest, platform, annotations, urls)
    select made.id, $2, c.position, c.child_digest, c.platform, c.annotations, c.urls
    from made join trash_manifests tm on tm.item_id = $1 and tm.digest = made.digest,
      jsonb_populate_recordset(null::manifest_children, tm.children) c
  )
  select encode(digest, 'hex') as digest from made`;

const PUT_LABELS = `
  insert into artifact_labels (manifest_id, label_id, project_id, created_at)
  select m.id, l.label_id, $3, l.created_at
  from trash_manifests tm join manifests m on m.repository_id = $2 and m.digest = tm.digest,
    jsonb_populate_recordset(null::artifact_labels, tm.labels) l
  where tm.item_id = $1 and tm.digest in (select decode(hex, 'hex') from unnest($4::text[]) hex)
    and exists (select from labels where id = l.label_id)
  on conflict do nothing`;

/** The blobs of the item that these of its manifests name. */
const BLOBS = `select distinct tb.digest, tb.size from trash_manifests tm, jsonb_populate_recordset(null::manifest_blobs, tm.blobs) b,
    trash_blobs tb
  where tm.item_id = $1 and tm.digest in (select decode(hex, 'hex') from unnest($2::text[]) hex)
    and tb.item_id = $1 and tb.digest = b.digest`;

/** Garbage collection holds these rows while it takes links; whoever comes second sees what the first one did. */
const HOLD_BLOBS = `select from blobs where digest in (select digest from (${BLOBS}) named) order by digest for key share`;

const PUT_LINKS = `
  insert into repository_blobs (repository_id, digest, project_id, size)
  select $3, digest, $4, size from (${BLOBS}) named order by digest
  on conflict (repository_id, digest) do update set size = excluded.size where false
  returning encode(digest, 'hex') as digest`;

const PUT_TAGS = `
  with placed as (
    insert into tags (id, repository_id, project_id, name, manifest_id, digest, previous_digest, pushed_by, created_at,
      push_time, pull_time, pushed_how, pushed_from)
    overriding system value
    select case when exists (select from tags where id = c.id) then nextval(pg_get_serial_sequence('tags', 'id')) else c.id end,
      $2, $3, given.name, m.id, m.digest, c.previous_digest, c.pushed_by, c.created_at, c.push_time, c.pull_time,
      coalesce(c.pushed_how, 'push'), c.pushed_from
    from unnest($4::text[], $5::text[]) as given (was, name)
      cross join lateral (select digest, columns from trash_tags where item_id = $1 and name = given.was limit 1) tt
      cross join lateral (select id, digest from manifests where digest = tt.digest and repository_id + 0 = $2 limit 1) m,
      jsonb_populate_record(null::tags, tt.columns) c
    order by given.name
    returning name, manifest_id
  ), touched as (
    update manifests set touched_at = now() where id in (select manifest_id from placed) and touched_at < now()
  )
  select name from placed`;

/**
 * All that may show or hide by what came back ($2, digests): itself, its parts, and its accessories. Row by row and by digest
 * alone (the sum takes every other index away), here and elsewhere: of a repository that is just coming the planner
 * expects no rows, and would read all of it for each.
 */
const RELIST = `
  with back as materialized (
    select m.id, m.digest from unnest($2::text[]) hex
      cross join lateral (select id, digest from manifests where digest = decode(hex, 'hex') and repository_id + 0 = $1 limit 1) m
  )
  select relist_manifests(array(
    select id from back
    union select part.id from back
      cross join lateral (select child_digest from manifest_children where manifest_id = back.id offset 0) c
      cross join lateral (select id from manifests where digest = c.child_digest and repository_id + 0 = $1 limit 1) part
    union select a.id from back
      cross join lateral (select id from manifests where repository_id = $1 and accessory_of = back.digest offset 0) a))`;

const COUNT = `update repositories set artifact_count = artifact_count + $2, tag_count = tag_count + $3, updated_at = now()
  where id = $1`;

/** Tells the history of tags who brings them back, for the rest of the transaction. */
export async function sayRestored(transaction: Transaction, by: string, from: string): Promise<void> {
  const told = JSON.stringify({ by, how: 'restore', from });
  await transaction.query(`select set_config('moorage.tag_change', $1, true)`, [told]);
}

/**
 * Puts manifests of an item (hex of their digests) with links and labels, and then tags, into a repository, counts and
 * charges them; the item keeps what it has. Answers how many manifests and tags are new there. Relist afterwards.
 */
export async function putBack(
  transaction: Transaction,
  { projectId, itemId, repositoryId }: WayBack,
  manifests: readonly string[],
  tags: readonly TagBack[],
): Promise<{ artifacts: number; tags: number }> {
  await transaction.query(HOLD_BLOBS, [itemId, manifests]);
  const links = await transaction.query<{ digest: string }>(PUT_LINKS, [itemId, manifests, repositoryId, projectId]);
  const values = [itemId, repositoryId, projectId, manifests];
  const made = await transaction.query<{ digest: string }>(PUT_MANIFESTS, values);
  await transaction.query(PUT_LABELS, values);
  const set = await transaction.query(PUT_TAGS, [
    itemId,
    repositoryId,
    projectId,
    tags.map((tag) => tag.name),
    tags.map((tag) => tag.as),
  ]);
  const charged = [...links, ...made].map((row) => row.digest);
  await chargeRestored(transaction, projectId, charged);
  await transaction.query(COUNT, [repositoryId, made.length, set.length]);
  return { artifacts: made.length, tags: set.length };
}

/** Decides anew what lists show of these manifests (hex), of their parts and of their accessories. */
export async function relist(
  transaction: Transaction,
  repositoryId: number,
  manifests: readonly string[],
): Promise<void> {
  await transaction.query(RELIST, [repositoryId, manifests]);
}
