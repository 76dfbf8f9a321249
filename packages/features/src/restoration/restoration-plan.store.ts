import type { Sql } from '@moorage/database';
import { digestFromHex } from '../content/index.ts';
import { planTags, type RestorationChoice, type TagPlan, type TagState } from './restoration.rules.ts';

/** An item that is to come back, and where to. */
export interface Restoration extends RestorationChoice {
  readonly projectId: number;
  readonly itemId: number;
  /** Full name of another repository; absent: where it was. */
  readonly repository?: string | undefined;
  readonly merge: boolean;
  readonly by: string;
  readonly from: string;
}

export interface Conflict {
  readonly code: 'tag-taken' | 'repository-taken' | 'artifact-missing' | 'quota' | 'not-ready';
  readonly name: string;
  readonly digest?: string;
  readonly item_id?: number;
  readonly text: string;
}

export interface RestorationPlan {
  readonly item: StoredItem;
  readonly repository: string;
  /** The repository that has this name, shown or not; null when nobody has it. */
  readonly repositoryId: number | null;
  readonly tags: TagPlan;
  /** Manifests that are not there again already. */
  readonly artifacts: number;
  readonly conflicts: readonly Conflict[];
}

/** What came back, or is on its way. */
export interface Restored {
  readonly repository: string;
  readonly repositoryId: number;
  readonly tags: number;
  readonly artifacts: number;
  readonly leftOut: readonly string[];
  /** Whether it comes in batches, by `continueRestoration`. */
  readonly isMoving: boolean;
}

/** An item as its row has it. */
export interface StoredItem {
  readonly id: number;
  readonly kind: 'tag' | 'artifact' | 'repository';
  readonly repository: string;
  readonly repository_id: number;
  readonly digest: string | null;
  readonly title: string;
  readonly state: string;
  readonly artifact_count: number;
  readonly tag_count: number;
  readonly details: Readonly<Record<string, unknown>>;
}

const ITEM = `select id, kind, repository, repository_id, encode(digest, 'hex') as digest, title, state,
    artifact_count, tag_count, details
  from trash_items where project_id = $1 and id = $2 and kind <> 'project' and state <> 'emptying'`;

const TAGS = `select tt.name, encode(tt.digest, 'hex') as digest, encode(t.digest, 'hex') as taken
  from trash_tags tt left join lateral (select digest from tags where repository_id = $2 and name = tt.name limit 1) t on true
  where tt.item_id = $1 order by tt.name`;

/** What restoring would do now; null when there is no such item. With `lock` nothing of it changes until the transaction ends. */
export async function planOf(sql: Sql, restoration: Restoration, lock: boolean): Promise<RestorationPlan | null> {
  const { projectId, itemId } = restoration;
  const [item] = await sql.query<StoredItem>(lock ? `${ITEM} for update` : ITEM, [projectId, itemId]);
  if (!item) return null;
  const repository = restoration.repository ?? item.repository;
  const [found] = await sql.query<{ id: number; shows: boolean }>(
    `select id, first_pushed_at is not null as shows from repositories where project_id = $1 and name = $2${lock ? ' for no key update' : ''}`,
    [projectId, repository],
  );
  const repositoryId = found?.id ?? 0;
  const states = await sql.query<TagState>(TAGS, [itemId, repositoryId]);
  const others = await sql.query<{ name: string; digest: string }>(
    `select name, encode(digest, 'hex') as digest from tags where repository_id = $1 and name = any($2::text[])`,
    [repositoryId, [...restoration.tags.values()].filter((name) => name !== null)],
  );
  const tags = planTags(states, new Map(others.map((tag) => [tag.name, tag.digest])), restoration);
  const [missing] = await sql.query<{ artifacts: number }>(
    `select count(*) as artifacts from trash_manifests tm where item_id = $1
       and (select id from manifests where digest = tm.digest and repository_id + 0 = $2) is null`,
    [itemId, repositoryId],
  );
  return {
    item,
    repository,
    repositoryId: found?.id ?? null,
    tags,
    artifacts: missing?.artifacts ?? 0,
    conflicts: [
      ...notReady(item),
      ...repositoryTaken(item, restoration, repository, found?.shows ?? false),
      ...(await artifactMissing(sql, projectId, item, repositoryId)),
      ...(await tooMany(sql, projectId, missing?.artifacts ?? 0, lock)),
      ...tags.taken.map((tag) => tagTaken(repository, tag)),
    ],
  };
}

function notReady(item: StoredItem): Conflict[] {
  if (item.state === 'kept') return [];
  const doing = item.state === 'restoring' ? 'being restored' : 'still being deleted';
  return [{ code: 'not-ready', name: item.title, text: `${item.title} is ${doing}; try again in a minute` }];
}

function repositoryTaken(item: StoredItem, { merge }: Restoration, name: string, exists: boolean): Conflict[] {
  if (item.kind !== 'repository' || merge || !exists) return [];
  const text = `there is a repository ${name} again: restore into it with merge, or under another name`;
  return [{ code: 'repository-taken', name, text }];
}

function tagTaken(repository: string, tag: { readonly name: string; readonly digest: string }): Conflict {
  const digest = digestFromHex(tag.digest);
  const text = `the tag ${repository}:${tag.name} is on ${digest} now: restore it under another name, or leave it out`;
  return { code: 'tag-taken', name: tag.name, digest, text };
}

/** A tag needs its artifact, which is where it was or in the item. */
async function artifactMissing(
  sql: Sql,
  projectId: number,
  item: StoredItem,
  repositoryId: number,
): Promise<Conflict[]> {
  const needed = item.kind === 'tag' ? item.digest : await artifactOfTags(sql, item, repositoryId);
  if (needed === null) return [];
  const [row] = await sql.query<{ live: boolean; item_id: number | null }>(
    `select exists (select from manifests where repository_id = $1 and digest = decode($2, 'hex')) as live,
       (select max(tm.item_id) from trash_manifests tm join trash_items i on i.id = tm.item_id
        where tm.project_id = $3 and tm.digest = decode($2, 'hex') and not tm.is_copy and i.state = 'kept') as item_id`,
    [repositoryId, needed, projectId],
  );
  if (row?.live) return [];
  const digest = digestFromHex(needed);
  const where = row?.item_id ? `restore item ${row.item_id} of the trash first, which has it` : 'it is gone for good';
  return [
    {
      code: 'artifact-missing',
      name: digest,
      ...(row?.item_id ? { item_id: row.item_id } : {}),
      text: `the artifact ${digest} of the tag is not there: ${where}`,
    },
  ];
}

/** The artifact of a tag that is in the item without it, because the artifact was merged before; hex. */
async function artifactOfTags(sql: Sql, item: StoredItem, repositoryId: number): Promise<string | null> {
  if (item.kind !== 'repository') return null;
  const [row] = await sql.query<{ digest: string }>(
    `select encode(tt.digest, 'hex') as digest from trash_tags tt where tt.item_id = $1
       and (select digest from trash_manifests where item_id = $1 and digest = tt.digest) is null
       and (select id from manifests where digest = tt.digest and repository_id + 0 = $2) is null limit 1`,
    [item.id, repositoryId],
  );
  return row?.digest ?? null;
}

/** Bytes need no look: what is in the trash counts already. Artifacts do not. */
export async function tooMany(sql: Sql, projectId: number, more: number, lock: boolean): Promise<Conflict[]> {
  if (more === 0) return [];
  const [quota] = await sql.query<{ hard: number; used: number }>(
    `select hard_artifacts as hard, used_artifacts
       + (select coalesce(sum(artifacts), 0) from quota_ledger where project_id = $1)::bigint as used
     from quotas where project_id = $1 and hard_artifacts >= 0${lock ? ' for no key update' : ''}`,
    [projectId],
  );
  if (!quota || quota.used + more <= quota.hard) return [];
  const text = `the project may hold ${quota.hard} artifacts and has ${quota.used}; ${more} more would come back: delete some or ask for a larger quota`;
  return [{ code: 'quota', name: String(quota.hard), text }];
}
