import type { Transaction } from '@moorage/database';
import type { Digest, RepositoryScope, Tag } from '@moorage/distribution';
import { digestBytes, digestFromHex } from './digest-column.rules.ts';
import { REPOSITORY } from './repository-row.store.ts';

/** Who tags an artifact relies on it, as who pushes it: a deletion that was decided before must leave it. */
const ADD_TAG = `
  with ${REPOSITORY}, manifest as (
    update manifests set touched_at = now() where repository_id = (select id from repository) and digest = $3
    returning id, repository_id
  ), made as (
    insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, pushed_how, pushed_from)
    select repository_id, $1, $4, id, $3, $5, 'tag', $6::jsonb #>> '{audit,clientAddress}' from manifest on conflict (repository_id, name) do nothing
    returning repository_id, manifest_id
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'tag.created', $1, jsonb_set($6::jsonb, '{data}', $6::jsonb -> 'data'
      || jsonb_build_object('repositoryId', repository_id, 'artifactId', manifest_id))
    from made
  ), counted as (
    update repositories set tag_count = tag_count + 1, updated_at = now() from made where id = repository_id
  )
  select exists (select from manifest) as found, (select manifest_id from made) as tagged`;

const MOVE_TAG = `
  with ${REPOSITORY}, manifest as (
    update manifests set touched_at = now() where repository_id = (select id from repository) and digest = $3
    returning id, repository_id
  ), moved as (
    insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by, pushed_how, pushed_from)
    select repository_id, $1, $4, id, $3, $5, $7, $6::jsonb #>> '{audit,clientAddress}' from manifest
    on conflict (repository_id, name) do update
      set manifest_id = excluded.manifest_id, digest = excluded.digest, previous_digest = tags.digest,
        pushed_by = excluded.pushed_by, pushed_how = excluded.pushed_how, pushed_from = excluded.pushed_from,
        push_time = now()
      where tags.digest <> excluded.digest
    returning repository_id, manifest_id, previous_digest, xmax = 0 as created
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'tag.moved', $1, jsonb_set($6::jsonb, '{data}', $6::jsonb -> 'data' || jsonb_build_object(
      'repositoryId', repository_id, 'artifactId', manifest_id, 'previousDigest', digest_text(previous_digest)))
    from moved
  ), counted as (
    update repositories set tag_count = tag_count + created::int, updated_at = now() from moved where id = repository_id
  )
  select exists (select from manifest) as found, m.manifest_id as tagged, encode(m.previous_digest, 'hex') as previous,
    (select id from manifests where repository_id = m.repository_id and digest = m.previous_digest) as untagged
  from (select 1) one left join moved m on true`;

/** In the transaction of the change, which has locked the repository's row by counting. */
const RELIST = 'select relist_manifests($1::bigint[])';

/** Puts a new tag on a manifest; `exists` when the repository has that tag, wherever it points. */
export async function addTag(
  transaction: Transaction,
  repository: RepositoryScope,
  tag: { readonly name: Tag; readonly digest: Digest; readonly pushedBy: string },
  event: string,
): Promise<'added' | 'missing' | 'exists'> {
  const [answer] = await transaction.query<{ found: boolean; tagged: number | null }>(ADD_TAG, [
    repository.namespaceId,
    repository.name,
    digestBytes(tag.digest),
    tag.name,
    tag.pushedBy,
    event,
  ]);
  if (!answer?.found) return 'missing';
  if (answer.tagged === null) return 'exists';
  await transaction.query(RELIST, [[answer.tagged]]);
  return 'added';
}

/** A tag that came to point elsewhere; `previous` is null when it was made, or pointed there already. */
export type TagMoveOutcome =
  | { readonly status: 'moved'; readonly previous: Digest | null }
  | { readonly status: 'unchanged' | 'missing' };

/** Points a tag at a manifest wherever it pointed before, making it when it is gone; `how` goes into its history. */
export async function moveTag(
  transaction: Transaction,
  repository: RepositoryScope,
  tag: { readonly name: Tag; readonly digest: Digest; readonly pushedBy: string; readonly how: string },
  event: string,
): Promise<TagMoveOutcome> {
  const [answer] = await transaction.query<{
    found: boolean;
    tagged: number | null;
    previous: string | null;
    untagged: number | null;
  }>(MOVE_TAG, [
    repository.namespaceId,
    repository.name,
    digestBytes(tag.digest),
    tag.name,
    tag.pushedBy,
    event,
    tag.how,
  ]);
  if (!answer?.found) return { status: 'missing' };
  if (answer.tagged === null) return { status: 'unchanged' };
  await transaction.query(RELIST, [[answer.tagged, ...(answer.untagged === null ? [] : [answer.untagged])]]);
  return { status: 'moved', previous: answer.previous === null ? null : digestFromHex(answer.previous) };
}
