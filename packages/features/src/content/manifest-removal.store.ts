import type { Transaction } from '@moorage/database';
import { type Digest, MAX_INDEX_DEPTH, type RepositoryScope } from '@moorage/distribution';
import { discharge } from '../usage/index.ts';
import { digestBytes, digestFromHex } from './digest-column.rules.ts';
import { REPOSITORY } from './repository-row.store.ts';

const DELETE_MANIFESTS = `
  with untagged as (
    delete from tags where manifest_id = any($2::bigint[]) returning manifest_id, name
  ), gone as (
    delete from manifests where project_id = $1 and id = any($2::bigint[]) returning id, repository_id
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'artifact.deleted', $1, jsonb_set(payload, '{data}', payload -> 'data' || jsonb_build_object(
      'repositoryId', repository_id, 'artifactId', id,
      'tags', coalesce((select jsonb_agg(name order by name) from untagged where manifest_id = id), '[]')))
    from gone join unnest($2::bigint[], $3::jsonb[]) as given (id, payload) using (id)
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

/** A manifest that is locked FOR UPDATE, so that nothing new can come to rely on it. */
export interface LockedManifest {
  readonly id: number;
  readonly repositoryId: number;
  readonly digest: Digest;
}

/** Locks a manifest. Indexes that are being stored hold their parts FOR KEY SHARE: look for parents after this. */
export async function lockManifest(
  transaction: Transaction,
  repository: RepositoryScope,
  digest: Digest,
): Promise<LockedManifest | null> {
  const [row] = await transaction.query<{ id: number; repository_id: number }>(
    `with ${REPOSITORY} select id, repository_id from manifests
     where repository_id = (select id from repository) and digest = $3 for update`,
    [repository.namespaceId, repository.name, digestBytes(digest)],
  );
  return row ? { id: row.id, repositoryId: row.repository_id, digest } : null;
}

/** An index that a manifest is part of, or null. */
export async function findParent(transaction: Transaction, part: LockedManifest): Promise<Digest | null> {
  const [parent] = await transaction.query<{ digest: string }>(
    `select encode(m.digest, 'hex') as digest from manifest_children c join manifests m on m.id = c.manifest_id
     where c.repository_id = $1 and c.child_digest = $2 limit 1`,
    [part.repositoryId, digestBytes(part.digest)],
  );
  return parent ? digestFromHex(parent.digest) : null;
}

/**
 * Removes locked manifests of one repository with their tags, takes them off the project's account and tells of each
 * with the payload `eventOf` makes. Locks are taken in the order of a push: content, account, counters.
 */
export async function removeManifests(
  transaction: Transaction,
  projectId: number,
  manifests: readonly LockedManifest[],
  eventOf: (digest: Digest) => string,
): Promise<void> {
  await discharge(
    transaction,
    projectId,
    manifests.map((manifest) => digestBytes(manifest.digest)),
  );
  const ids = manifests.map((manifest) => manifest.id);
  const [left] = await transaction.query<{ ids: string[] }>(LEFT_BEHIND, [ids]);
  await transaction.query(DELETE_MANIFESTS, [projectId, ids, manifests.map((manifest) => eventOf(manifest.digest))]);
  // After the deletion, which locked the repository's row.
  await transaction.query('select relist_manifests($1::bigint[])', [left?.ids ?? []]);
}

/**
 * What goes with an artifact that is deleted (ART-8), itself first, all locked: its accessories, and the untagged parts
 * that no index outside needs; in turn with theirs. What is part of another index always stays.
 */
export async function lockWithDependents(
  transaction: Transaction,
  root: LockedManifest,
): Promise<readonly LockedManifest[]> {
  const doomed = new Map([[root.id, root]]);
  let frontier = [root];
  // An accessory may have accessories of its own, so there are more levels than indexes may have.
  for (let level = 0; level < 2 * MAX_INDEX_DEPTH && frontier.length > 0; level++) {
    const candidates = await lockCandidates(transaction, root.repositoryId, frontier, [...doomed.keys()]);
    frontier = await keepFree(transaction, root.repositoryId, candidates, [...doomed.values()]);
    for (const manifest of frontier) doomed.set(manifest.id, manifest);
  }
  return [...doomed.values()];
}

async function lockCandidates(
  transaction: Transaction,
  repositoryId: number,
  of: readonly LockedManifest[],
  except: readonly number[],
): Promise<number[]> {
  const rows = await transaction.query<{ id: number }>(
    `select id from manifests where repository_id = $1 and not id = any($4::bigint[]) and (
       accessory_of = any($2::bytea[])
       or digest in (select child_digest from manifest_children where manifest_id = any($3::bigint[])))
     order by digest for update`,
    [repositoryId, of.map((manifest) => digestBytes(manifest.digest)), of.map((manifest) => manifest.id), except],
  );
  return rows.map((row) => row.id);
}

/** Decides after the locks: of the candidates, those that nothing outside the doomed ones needs. */
async function keepFree(
  transaction: Transaction,
  repositoryId: number,
  candidates: readonly number[],
  doomed: readonly LockedManifest[],
): Promise<LockedManifest[]> {
  if (candidates.length === 0) return [];
  const rows = await transaction.query<{ id: number; digest: string }>(
    `select m.id, encode(m.digest, 'hex') as digest from manifests m
     where m.id = any($2::bigint[])
       and (m.accessory_of = any($4::bytea[]) or not exists (select from tags t where t.manifest_id = m.id))
       and not exists (select from manifest_children c
         where c.repository_id = $1 and c.child_digest = m.digest and not c.manifest_id = any($3::bigint[]))`,
    [
      repositoryId,
      candidates,
      doomed.map((manifest) => manifest.id),
      doomed.map((manifest) => digestBytes(manifest.digest)),
    ],
  );
  return rows.map((row) => ({ id: row.id, repositoryId, digest: digestFromHex(row.digest) }));
}
