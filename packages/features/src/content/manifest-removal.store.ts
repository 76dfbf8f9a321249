import type { Transaction } from '@moorage/database';
import type { RepositoryScope } from '@moorage/distribution';
import { discharge } from '../usage/index.ts';
import type { RemovalOrigin } from './removal.rules.ts';
import { REPOSITORY } from './repository-row.store.ts';

const DELETE_MANIFESTS = `
  with given as (
    select * from unnest($2::bigint[], $3::jsonb[], $4::bigint[]) as given (id, payload, item_id)
  ), untagged as (
    delete from tags where manifest_id = any($2::bigint[]) returning manifest_id, name
  ), gone as (
    delete from manifests where project_id = $1 and id = any($2::bigint[]) returning id, repository_id
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'artifact.deleted', $1, jsonb_set(payload, '{data}', payload -> 'data' || jsonb_build_object(
      'repositoryId', repository_id, 'artifactId', id, 'trashItemId', item_id,
      'tags', coalesce((select jsonb_agg(name order by name) from untagged where manifest_id = id), '[]')))
    from gone join given using (id)
  )
  update repositories set artifact_count = artifact_count - (select count(*) from gone),
    tag_count = tag_count - (select count(*) from untagged), updated_at = now()
  where id in (select repository_id from gone)`;

/** Parts and accessories of what is about to be deleted: lists may have to show them from then on. */
const LEFT_BEHIND = `
  select array(
    select part.id from manifest_children c
      join manifests part on part.repository_id = c.repository_id and part.digest = c.child_digest
      where c.manifest_id = any($1::bigint[])
    union select a.id from manifests s join manifests a on a.repository_id = s.repository_id and a.accessory_of = s.digest
      where s.id = any($1::bigint[])
  ) as ids`;

/** A manifest that goes; it is locked FOR UPDATE and, if the project keeps trash, copied there. */
export interface DoomedManifest {
  readonly id: number;
  readonly digest: Buffer;
  /** The stored form of its event. */
  readonly event: string;
  readonly itemId: number | null;
}

/** The repository's id, or null; its row is held so that it cannot be removed meanwhile. With `meant` only that row is it. */
export async function lockedRepository(
  transaction: Transaction,
  repository: RepositoryScope,
  meant?: number,
): Promise<number | null> {
  const [row] = await transaction.query<{ id: number }>(`with ${REPOSITORY} select id from repository`, [
    repository.namespaceId,
    repository.name,
  ]);
  return row && (meant === undefined || row.id === meant) ? row.id : null;
}

/** Tells the history of tags who takes them off, for the rest of the transaction. */
export async function sayHow(transaction: Transaction, origin: RemovalOrigin): Promise<void> {
  const how = { by: origin.by, how: origin.reason === 'deleted' ? 'delete' : origin.reason, from: origin.from ?? '' };
  await transaction.query(`select set_config('moorage.tag_change', $1, true)`, [JSON.stringify(how)]);
}

/**
 * Removes manifests of one repository with their tags, takes them off the project's account and tells of each. Locks are
 * taken in the order of a push: content, account, counters.
 */
export async function deleteManifests(
  transaction: Transaction,
  projectId: number,
  manifests: readonly DoomedManifest[],
): Promise<void> {
  await discharge(
    transaction,
    projectId,
    manifests.map((manifest) => manifest.digest),
  );
  const ids = manifests.map((manifest) => manifest.id);
  const [left] = await transaction.query<{ ids: string[] }>(LEFT_BEHIND, [ids]);
  await transaction.query(DELETE_MANIFESTS, [
    projectId,
    ids,
    manifests.map((manifest) => manifest.event),
    manifests.map((manifest) => manifest.itemId),
  ]);
  // After the deletion, which locked the repository's row.
  await transaction.query('select relist_manifests($1::bigint[])', [left?.ids ?? []]);
}
