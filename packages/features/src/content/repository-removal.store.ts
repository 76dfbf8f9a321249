import type { Transaction, TransactionalSql } from '@moorage/database';
import type { RepositoryScope } from '@moorage/distribution';
import { discharge, dischargeRepository } from '../usage/index.ts';
import { ContentDatabase, Kept } from './content-database.store.ts';
import { sayHow } from './manifest-removal.store.ts';
import type { RemovalOrigin } from './removal.rules.ts';
import { makeItems, moveToItems, sumUpItems, trashDays } from './trash-move.store.ts';

/** What a repository had when it was removed. */
export interface RemovedRepository {
  readonly id: number;
  readonly artifactCount: number;
  readonly tagCount: number;
  /** Of the trash; null when the project keeps none. */
  readonly itemId: number | null;
  /** Whether its content is still to be moved, by {@link fillItem}. */
  readonly isMoving: boolean;
}

/** A repository with more manifests goes in batches of this many. */
const BATCH = 1000;
const LINKS_PER_BATCH = 2000;

/** Times stay as the database writes them: a JavaScript date has no microseconds. */
const LOCK = `select id, jsonb_build_object('description', description, 'pull_count', pull_count, 'created_at', created_at,
    'first_pushed_at', first_pushed_at, 'last_pushed_at', last_pushed_at) as details
  from repositories where project_id = $1 and name = $2 for update`;

/**
 * Removes a repository with its manifests, tags and links; null when there is none. Pushes that are under way come
 * first, later ones make a new repository. A large one only gives its name up here and is hidden; its content follows in
 * batches. The caller adds its event to the same transaction. Throws {@link Kept}.
 */
export async function removeRepository(
  transaction: Transaction,
  repository: RepositoryScope,
  origin: RemovalOrigin,
): Promise<RemovedRepository | null> {
  const { namespaceId: projectId, name } = repository;
  const [row] = await transaction.query<{ id: number; details: object }>(LOCK, [projectId, name]);
  if (!row) return null;
  const { id, details } = row;
  const [counts] = await transaction.query<{ artifacts: number; tags: number }>(
    `with uncounted as (delete from repository_changes where repository_id = $1)
     select (select count(*) from manifests where repository_id = $1) as artifacts,
       (select count(*) from tags where repository_id = $1) as tags`,
    [id],
  );
  const removed = { id, artifactCount: counts?.artifacts ?? 0, tagCount: counts?.tags ?? 0 };
  await sayHow(transaction, origin);
  const days = await trashDays(transaction, projectId);
  const isMoving = removed.artifactCount + removed.tagCount > 2 * BATCH;
  const item = { kind: 'repository', digest: null, title: name, details } as const;
  const [itemId = null] =
    days === 0 && !isMoving
      ? []
      : await makeItems(transaction, { projectId, repository: name, repositoryId: id }, [item], origin, days);
  if (isMoving) {
    await hide(transaction, { projectId, repositoryId: id }, itemId);
    return { ...removed, itemId, isMoving };
  }
  if (itemId !== null) await moveAll(transaction, projectId, id, itemId);
  await dischargeRepository(transaction, projectId, id);
  await transaction.query('delete from repositories where id = $1', [id]);
  return { ...removed, itemId, isMoving };
}

/** Nothing finds the repository from here on. What keeps its content is asked now, as nobody can keep anything later. */
async function hide(
  transaction: Transaction,
  { projectId, repositoryId }: { readonly projectId: number; readonly repositoryId: number },
  itemId: number | null,
): Promise<void> {
  const [held] = await transaction.query<{ hold: string; digest: string }>(
    `select hold_of(m.id) as hold, digest_text(m.digest) as digest from artifact_holds h join manifests m on m.id = h.manifest_id
     where h.project_id = $1 and m.repository_id = $2 and (h.held_until is null or h.held_until > now()) limit 1`,
    [projectId, repositoryId],
  );
  if (held) throw new Kept(`the artifact ${held.digest} is ${held.hold} and cannot be deleted`);
  const [immutable] = await transaction.query<{ name: string }>(
    `select t.name from tags t where t.repository_id = $2
       and exists (select from immutable_tag_rules where project_id = $1 and not is_disabled)
       and immutable_rule_of($1, $2, t.name) is not null limit 1`,
    [projectId, repositoryId],
  );
  if (immutable) throw new Kept(`the tag ${immutable.name} is immutable: have a maintainer change the rule first`);
  await transaction.query(`update trash_items set state = 'filling' where id = $1`, [itemId]);
  await transaction.query(
    `update repositories set name = name || '#' || $2::bigint, first_pushed_at = null, trash_item_id = $2 where id = $1`,
    [repositoryId, itemId],
  );
}

async function moveAll(
  transaction: Transaction,
  projectId: number,
  repositoryId: number,
  itemId: number,
): Promise<void> {
  const manifests = await transaction.query<{ id: number }>(
    'select id from manifests where repository_id = $1 order by digest for update',
    [repositoryId],
  );
  await moveToItems(transaction, projectId, {
    items: manifests.map(() => itemId),
    manifests: manifests.map((manifest) => manifest.id),
  });
  await sumUpItems(transaction, [itemId]);
}

/** Items that are still to be filled, oldest first. */
export async function itemsToFill(database: TransactionalSql, limit: number): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    `select id from trash_items where state = 'filling' order by id limit $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

/**
 * Moves the content of a hidden repository to its item, each batch a transaction of its own, until `mayGoOn` says no.
 * Goes on where it was left, whoever left it. True when the item is full and the repository is gone.
 */
export async function fillItem(database: TransactionalSql, itemId: number, mayGoOn: () => boolean): Promise<boolean> {
  const content = new ContentDatabase(database);
  while (mayGoOn()) {
    if (await content.transaction((transaction) => fillBatch(transaction, itemId))) return true;
  }
  return false;
}

async function fillBatch(transaction: Transaction, itemId: number): Promise<boolean> {
  const [repository] = await transaction.query<{
    id: number;
    project_id: number;
    reason: RemovalOrigin['reason'];
    deleted_by: string;
  }>(
    `select r.id, r.project_id, i.reason, i.deleted_by from repositories r join trash_items i on i.id = r.trash_item_id and i.state = 'filling'
     where r.trash_item_id = $1 for update of r`,
    [itemId],
  );
  if (!repository) return true;
  await sayHow(transaction, { reason: repository.reason, by: repository.deleted_by });
  if (await moveBatch(transaction, repository.project_id, repository.id, itemId)) return false;
  if (await unlinkBatch(transaction, repository.project_id, repository.id)) return false;
  await transaction.query('delete from repositories where id = $1', [repository.id]);
  await sumUpItems(transaction, [itemId]);
  await transaction.query(`update trash_items set state = 'kept' where id = $1`, [itemId]);
  return true;
}

/** Oldest first: parts before the indexes that list them, so that nothing is copied. */
async function moveBatch(
  transaction: Transaction,
  projectId: number,
  repositoryId: number,
  itemId: number,
): Promise<boolean> {
  const manifests = await transaction.query<{ id: number; digest: string }>(
    `select id, encode(digest, 'hex') as digest from manifests where repository_id = $1
     order by push_time, id limit ${BATCH} for update`,
    [repositoryId],
  );
  if (manifests.length === 0) return false;
  const ids = manifests.map((manifest) => manifest.id);
  await moveToItems(transaction, projectId, { items: ids.map(() => itemId), manifests: ids });
  await discharge(
    transaction,
    projectId,
    manifests.map((manifest) => Buffer.from(manifest.digest, 'hex')),
  );
  await transaction.query('delete from manifests where id = any($1::bigint[])', [ids]);
  return true;
}

async function unlinkBatch(transaction: Transaction, projectId: number, repositoryId: number): Promise<boolean> {
  const links = await transaction.query<{ digest: string }>(
    `with gone as (
       delete from repository_blobs where repository_id = $1 and digest in (
         select digest from repository_blobs where repository_id = $1 order by digest limit ${LINKS_PER_BATCH}) returning digest
     ) select encode(digest, 'hex') as digest from gone`,
    [repositoryId],
  );
  if (links.length === 0) return false;
  await discharge(
    transaction,
    projectId,
    links.map((link) => Buffer.from(link.digest, 'hex')),
  );
  return true;
}
