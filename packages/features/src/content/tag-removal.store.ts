import type { Sql, Transaction } from '@moorage/database';
import type { Digest, RepositoryScope, Tag } from '@moorage/distribution';
import { digestBytes, digestFromHex } from './digest-column.rules.ts';
import { lockedRepository, sayHow } from './manifest-removal.store.ts';
import { type KeptContent, NOTHING, type RemovalOrigin, type RemovalOutcome } from './removal.rules.ts';
import { makeItems, sumUpItems, trashDays } from './trash-move.store.ts';

/** A tag that is to be taken off. */
export interface TagToRemove {
  readonly name: Tag;
  /** Only from this artifact; absent: wherever it points. */
  readonly digest?: Digest | undefined;
}

const TAGS = `
  select t.name, encode(t.digest, 'hex') as digest, t.manifest_id, hold_of(t.manifest_id) as hold,
    case when exists (select from immutable_tag_rules r where r.project_id = $3 and not r.is_disabled)
      then immutable_rule_of($3, $1, t.name) end as rule
  from tags t where t.repository_id = $1 and t.name = any($2::text[]) order by t.name`;

const KEEP_TAGS = `
  insert into trash_tags (item_id, name, digest, columns)
  select given.item_id, t.name, t.digest, jsonb_build_object('id', t.id, 'previous_digest', t.previous_digest,
    'pushed_by', t.pushed_by, 'created_at', t.created_at, 'push_time', t.push_time, 'pull_time', t.pull_time,
    'pushed_how', t.pushed_how, 'pushed_from', t.pushed_from)
  from unnest($2::bigint[], $3::text[]) as given (item_id, name) join tags t on t.repository_id = $1 and t.name = given.name`;

const DELETE_TAGS = `
  with given as (
    select * from unnest($3::text[], $4::jsonb[], $5::bigint[]) as given (name, payload, item_id)
  ), gone as (
    delete from tags where repository_id = $2 and name in (select name from given)
    returning name, digest, manifest_id
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'tag.deleted', $1, jsonb_set(payload, '{data}', payload -> 'data' || jsonb_build_object(
      'digest', digest_text(digest), 'repositoryId', $2::bigint, 'artifactId', manifest_id, 'trashItemId', item_id))
    from gone join given using (name)
  ), counted as (
    update repositories set tag_count = tag_count - (select count(*) from gone), updated_at = now() where id = $2
  )
  select distinct manifest_id from gone`;

interface LockedTag {
  readonly name: Tag;
  readonly digest: string;
  readonly manifest_id: number;
  readonly hold: string | null;
  readonly rule: number | null;
}

/** Which tags {@link removeTagBatch} would take off now, and which it would leave and why. */
export async function judgeTags(
  sql: Sql,
  place: { readonly projectId: number; readonly repositoryId: number },
  tags: readonly TagToRemove[],
): Promise<{ going: { readonly name: Tag; readonly digest: Digest }[]; kept: KeptContent[] }> {
  const { going, kept } = await judge(sql, { ...place, lock: false }, tags);
  return { going: going.map(({ name, digest }) => ({ name, digest: digestFromHex(digest) })), kept };
}

async function judge(
  sql: Sql,
  place: { readonly projectId: number; readonly repositoryId: number | null; readonly lock: boolean },
  tags: readonly TagToRemove[],
): Promise<{ going: LockedTag[]; kept: KeptContent[] }> {
  const names = [...new Set(tags.map((tag) => tag.name))];
  const values = [place.repositoryId, names, place.projectId];
  const rows =
    place.repositoryId === null ? [] : await sql.query<LockedTag>(place.lock ? `${TAGS} for update` : TAGS, values);
  const found = new Map(rows.map((tag) => [tag.name, tag]));
  const kept = tags.flatMap((tag) => keptTag(tag, found.get(tag.name)));
  const stays = new Set(kept.map((tag) => tag.tag));
  return { going: rows.filter((tag) => !stays.has(tag.name)), kept };
}

/** Takes tags off their artifacts, which stay; each has a trash item of its own. */
export async function removeTagBatch(
  transaction: Transaction,
  {
    repository,
    repositoryId: meant,
    origin,
  }: {
    readonly repository: RepositoryScope;
    readonly repositoryId?: number | undefined;
    readonly origin: RemovalOrigin;
  },
  tags: readonly TagToRemove[],
  eventOf: (tag: Tag) => string,
): Promise<RemovalOutcome> {
  const projectId = repository.namespaceId;
  const repositoryId = await lockedRepository(transaction, repository, meant);
  const { going, kept } = await judge(transaction, { projectId, repositoryId, lock: true }, tags);
  if (repositoryId === null || going.length === 0) return { ...NOTHING, kept };
  await sayHow(transaction, origin);
  const items = await keepTags(transaction, { projectId, repository: repository.name, repositoryId }, going, origin);
  const gone = await transaction.query<{ manifest_id: number }>(DELETE_TAGS, [
    projectId,
    repositoryId,
    going.map((tag) => tag.name),
    going.map((tag) => eventOf(tag.name)),
    going.map((_, i) => items[i] ?? null),
  ]);
  await transaction.query('select relist_manifests($1::bigint[])', [gone.map((row) => row.manifest_id)]);
  return { removed: [], removedTags: going.map((tag) => tag.name), kept, itemIds: items };
}

async function keepTags(
  transaction: Transaction,
  place: { readonly projectId: number; readonly repository: string; readonly repositoryId: number },
  tags: readonly LockedTag[],
  origin: RemovalOrigin,
): Promise<number[]> {
  const days = await trashDays(transaction, place.projectId);
  if (days === 0) return [];
  const items = await makeItems(
    transaction,
    place,
    tags.map((tag) => ({
      kind: 'tag',
      digest: Buffer.from(tag.digest, 'hex'),
      title: `${place.repository}:${tag.name}`,
    })),
    origin,
    days,
  );
  await transaction.query(KEEP_TAGS, [place.repositoryId, items, tags.map((tag) => tag.name)]);
  await sumUpItems(transaction, items);
  return items;
}

function keptTag(asked: TagToRemove, found: LockedTag | undefined): KeptContent[] {
  const stay = (code: KeptContent['code'], text: string): KeptContent[] => [
    { digest: found ? digestFromHex(found.digest) : null, tag: asked.name, code, text, asked: true },
  ];
  if (!found) return stay('missing', `there is no tag ${asked.name}`);
  if (asked.digest !== undefined && !digestBytes(asked.digest).equals(Buffer.from(found.digest, 'hex'))) {
    return stay('changed', `the tag ${asked.name} is on another artifact now`);
  }
  if (found.hold !== null) {
    return stay('held', `the tag ${asked.name} must stay where it is: its artifact is ${found.hold}`);
  }
  if (found.rule !== null) {
    return stay(
      'immutable',
      `the tag ${asked.name} is immutable (rule ${found.rule} of the project): push another tag, or have a maintainer change the rule first`,
    );
  }
  return [];
}
