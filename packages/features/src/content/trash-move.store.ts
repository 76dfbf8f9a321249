import type { Transaction } from '@moorage/database';
import type { RemovalOrigin } from './removal.rules.ts';
import { chargeTrash } from '../usage/index.ts';

/** A trash item that is about to be filled. */
export interface NewItem {
  readonly kind: 'tag' | 'artifact' | 'repository';
  /** As its column holds it; null for a repository. */
  readonly digest: Buffer | null;
  readonly title: string;
  readonly details?: object;
}

/** What goes into which item; both lists have the same length. */
export interface Moves {
  readonly items: readonly number[];
  readonly manifests: readonly number[];
}

const NEW_ITEMS = `
  insert into trash_items (project_id, kind, repository, repository_id, digest, title, details, reason, deleted_by,
    execution_id, expires_at)
  select $1, kind, $2, $3, digest, title, details, $8, $9, $10, now() + make_interval(days => $11)
  from unnest($4::text[], $5::bytea[], $6::text[], $7::jsonb[]) with ordinality as given (kind, digest, title, details, place)
  order by place returning id`;

/**
 * Manifests of items ($1 items, $2 manifests), and copies of the parts that stay behind, so that an index comes back
 * whole whatever becomes of them.
 */
const MOVE_MANIFESTS = `
  with recursive moving (item_id, id, is_copy) as (
    select item_id, id, false from unnest($1::bigint[], $2::bigint[]) as given (item_id, id)
    union
    select moving.item_id, part.id, true from moving
      join manifest_children c on c.manifest_id = moving.id
      join manifests part on part.repository_id = c.repository_id and part.digest = c.child_digest
  ), each as (
    select item_id, id, bool_and(is_copy) as is_copy from moving group by item_id, id
  )
  insert into trash_manifests (item_id, manifest_id, project_id, digest, payload, payload_size, is_copy, columns, blobs,
    children, labels)
  select each.item_id, m.id, m.project_id, m.digest, m.payload, m.payload_size, each.is_copy,
    jsonb_build_object('media_type', m.media_type, 'kind', m.kind, 'artifact_type', m.artifact_type,
      'config_media_type', m.config_media_type, 'config_digest', m.config_digest, 'subject_digest', m.subject_digest,
      'accessory_of', m.accessory_of, 'accessory_type', m.accessory_type, 'type', m.type, 'size', m.size, 'depth', m.depth,
      'annotations', m.annotations, 'extra_attrs', m.extra_attrs, 'pushed_by', m.pushed_by, 'push_time', m.push_time,
      'pull_time', m.pull_time),
    (select coalesce(jsonb_agg(jsonb_build_object('digest', b.digest, 'size', b.size, 'media_type', b.media_type,
        'position', b.position, 'role', b.role) order by b.position), '[]') from manifest_blobs b where b.manifest_id = m.id),
    (select coalesce(jsonb_agg(jsonb_build_object('position', c.position, 'child_digest', c.child_digest,
        'platform', c.platform, 'annotations', c.annotations, 'urls', c.urls) order by c.position), '[]')
      from manifest_children c where c.manifest_id = m.id),
    (select coalesce(jsonb_agg(jsonb_build_object('label_id', l.label_id, 'created_at', l.created_at)), '[]')
      from artifact_labels l where l.manifest_id = m.id and not each.is_copy)
  from each join manifests m using (id)
  on conflict (item_id, digest) do update set is_copy = excluded.is_copy, labels = excluded.labels
    where trash_manifests.is_copy and not excluded.is_copy
  returning item_id, manifest_id, encode(digest, 'hex') as digest, xmax = 0 as is_new`;

const MOVE_TAGS = `
  insert into trash_tags (item_id, name, digest, columns)
  select given.item_id, t.name, t.digest, jsonb_build_object('id', t.id, 'previous_digest', t.previous_digest,
    'pushed_by', t.pushed_by, 'created_at', t.created_at, 'push_time', t.push_time, 'pull_time', t.pull_time,
    'pushed_how', t.pushed_how, 'pushed_from', t.pushed_from)
  from unnest($1::bigint[], $2::bigint[]) as given (item_id, id) join tags t on t.manifest_id = given.id`;

/** The reference to blobs holds their rows FOR KEY SHARE: garbage collection comes before or sees these rows. */
const MOVE_BLOBS = `
  insert into trash_blobs (item_id, digest, project_id, size)
  select distinct given.item_id, rb.digest, rb.project_id, rb.size
  from unnest($1::bigint[], $2::bigint[]) as given (item_id, id)
    join manifest_blobs mb on mb.manifest_id = given.id and mb.role <> 'foreign'
    join repository_blobs rb on rb.repository_id = mb.repository_id and rb.digest = mb.digest
  order by rb.digest
  on conflict do nothing
  returning encode(digest, 'hex') as digest`;

const SUM_UP = `
  update trash_items i set
    bytes = (select coalesce(sum(size), 0) from (
      select size from trash_blobs where item_id = i.id union all select payload_size from trash_manifests where item_id = i.id) c),
    artifact_count = (select count(*) from trash_manifests where item_id = i.id and not is_copy),
    tag_count = (select count(*) from trash_tags where item_id = i.id),
    tags = array(select name from trash_tags where item_id = i.id order by name limit 20),
    title = title || case when i.kind = 'artifact' then coalesce(
      (select ':' || min(name) from trash_tags where item_id = i.id), '@' || digest_text(i.digest)) else '' end
  where id = any($1::bigint[])`;

/** For how many days the trash of a project keeps what is deleted now; 0 for not at all. */
export async function trashDays(transaction: Transaction, projectId: number): Promise<number> {
  const [row] = await transaction.query<{ days: number }>('select trash_days_of($1) as days', [projectId]);
  return row?.days ?? 0;
}

/** Makes empty items, in the order given. */
export async function makeItems(
  transaction: Transaction,
  place: { readonly projectId: number; readonly repository: string; readonly repositoryId: number },
  items: readonly NewItem[],
  origin: RemovalOrigin,
  days: number,
): Promise<number[]> {
  const rows = await transaction.query<{ id: number }>(NEW_ITEMS, [
    place.projectId,
    place.repository,
    place.repositoryId,
    items.map((item) => item.kind),
    items.map((item) => item.digest),
    items.map((item) => item.title),
    items.map((item) => JSON.stringify(item.details ?? {})),
    origin.reason,
    origin.by,
    origin.executionId ?? null,
    days,
  ]);
  return rows.map((row) => row.id);
}

/**
 * Copies locked manifests with their tags, and the blobs they need, into items, and charges the project for them. The
 * caller deletes and discharges the rows themselves in the same transaction, and sums the items up when they are full.
 */
export async function moveToItems(transaction: Transaction, projectId: number, moves: Moves): Promise<void> {
  const values = [moves.items, moves.manifests];
  const moved = await transaction.query<{ item_id: number; manifest_id: number; digest: string; is_new: boolean }>(
    MOVE_MANIFESTS,
    values,
  );
  const fresh = moved.filter((row) => row.is_new);
  await transaction.query(MOVE_TAGS, values);
  const blobs = await transaction.query<{ digest: string }>(MOVE_BLOBS, [
    fresh.map((row) => row.item_id),
    fresh.map((row) => row.manifest_id),
  ]);
  await chargeTrash(
    transaction,
    projectId,
    [...fresh, ...blobs].map((row) => row.digest),
  );
}

/** Counts what items hold, when nothing more goes into them; names artifacts by their first tag. */
export async function sumUpItems(transaction: Transaction, itemIds: readonly number[]): Promise<void> {
  await transaction.query(SUM_UP, [itemIds]);
}
