import { AppError } from '@moorage/contracts';
import { isSqlState, SQLSTATE, type Sql, type Transaction } from '@moorage/database';
import type { RepositoryName } from '@moorage/distribution';
import { ContentDatabase, digestFromHex, ensureRepository } from '../content/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { chargeRestored, dischargeTrash } from '../usage/index.ts';
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
  readonly tags: TagPlan;
  /** Manifests that are not there again already. */
  readonly artifacts: number;
  readonly conflicts: readonly Conflict[];
}

export interface Restored {
  readonly repository: string;
  readonly repositoryId: number;
  readonly tags: number;
  readonly artifacts: number;
  readonly leftOut: readonly string[];
}

interface StoredItem {
  readonly id: number;
  readonly kind: 'tag' | 'artifact' | 'repository';
  readonly repository: string;
  readonly repository_id: number;
  readonly digest: string | null;
  readonly title: string;
  readonly state: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const ITEM = `select id, kind, repository, repository_id, encode(digest, 'hex') as digest, title, state, details
  from trash_items where project_id = $1 and id = $2 and kind <> 'project' and state <> 'emptying'`;

const TAGS = `select tt.name, encode(tt.digest, 'hex') as digest, encode(t.digest, 'hex') as taken
  from trash_tags tt left join tags t on t.repository_id = $2 and t.name = tt.name where tt.item_id = $1 order by tt.name`;

/** A repository that was deleted comes back under its id, with which its history and its pulls are kept. */
const REVIVE = `insert into repositories (id, project_id, name, description, pull_count, created_at, first_pushed_at, last_pushed_at)
  overriding system value
  select $1, p.id, $3, coalesce($4::jsonb ->> 'description', ''), coalesce(($4::jsonb ->> 'pull_count')::bigint, 0),
    coalesce(($4::jsonb ->> 'created_at')::timestamptz, now()), coalesce(($4::jsonb ->> 'first_pushed_at')::timestamptz, now()),
    ($4::jsonb ->> 'last_pushed_at')::timestamptz
  from projects p where p.id = $2 and p.deleted_at is null
  on conflict do nothing`;

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
    where tm.item_id = $1 order by tm.digest
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
  where tm.item_id = $1 and exists (select from labels where id = l.label_id)
  on conflict do nothing`;

/** Garbage collection holds these rows while it takes links; whoever comes second sees what the first one did. */
const HOLD_BLOBS = `select from blobs where digest in (select digest from trash_blobs where item_id = $1)
  order by digest for key share`;

const PUT_LINKS = `
  insert into repository_blobs (repository_id, digest, project_id, size)
  select $2, digest, $3, size from trash_blobs where item_id = $1 order by digest
  on conflict (repository_id, digest) do update set size = excluded.size where false
  returning encode(digest, 'hex') as digest`;

const PUT_TAGS = `
  insert into tags (id, repository_id, project_id, name, manifest_id, digest, previous_digest, pushed_by, created_at,
    push_time, pull_time, pushed_how, pushed_from)
  overriding system value
  select case when exists (select from tags where id = c.id) then nextval(pg_get_serial_sequence('tags', 'id')) else c.id end,
    $2, $3, given.name, m.id, m.digest, c.previous_digest, c.pushed_by, c.created_at, c.push_time, c.pull_time,
    coalesce(c.pushed_how, 'push'), c.pushed_from
  from unnest($4::text[], $5::text[]) as given (was, name) join trash_tags tt on tt.item_id = $1 and tt.name = given.was
    join manifests m on m.repository_id = $2 and m.digest = tt.digest,
    jsonb_populate_record(null::tags, tt.columns) c
  order by given.name
  returning name`;

const COUNT = `update repositories set artifact_count = artifact_count + $2, tag_count = tag_count + $3,
    first_pushed_at = coalesce(first_pushed_at, now()), updated_at = now() where id = $1`;

/** All that may show or hide by what came back: itself, its parts, and its accessories. */
const RELIST = `
  select relist_manifests(array(
    select m.id from trash_manifests tm join manifests m on m.repository_id = $2 and m.digest = tm.digest where tm.item_id = $1
    union select part.id from trash_manifests tm join manifests m on m.repository_id = $2 and m.digest = tm.digest
      join manifest_children c on c.manifest_id = m.id
      join manifests part on part.repository_id = $2 and part.digest = c.child_digest where tm.item_id = $1
    union select a.id from trash_manifests tm join manifests a on a.repository_id = $2 and a.accessory_of = tm.digest
      where tm.item_id = $1
    union select m.id from trash_items i join manifests m on m.repository_id = $2 and m.digest = i.digest where i.id = $1))`;

/** Brings back what is in the trash, all of an item or nothing. */
export class RestorationStore {
  readonly #database: ContentDatabase;

  constructor(database: ConstructorParameters<typeof ContentDatabase>[0]) {
    this.#database = new ContentDatabase(database);
  }

  /** What restoring would do now; null when there is no such item. */
  plan(restoration: Restoration): Promise<RestorationPlan | null> {
    return planOf(this.#database, restoration, false);
  }

  /** Restores; null when there is no such item. Throws CONFLICT for whatever is in the way. */
  async restore(
    restoration: Restoration,
    eventOf: (item: StoredItem, restored: Restored) => DomainEvent,
  ): Promise<Restored | null> {
    try {
      return await this.#database.transaction(async (transaction) => {
        // Of a large repository it takes longer than any request may otherwise.
        await transaction.query('set local statement_timeout = 0');
        const plan = await planOf(transaction, restoration, true);
        if (!plan) return null;
        const [conflict] = plan.conflicts;
        if (conflict) throw new AppError('CONFLICT', `${conflict.text}.`);
        const restored = await bringBack(transaction, restoration, plan);
        await appendEvents(transaction, [eventOf(plan.item, restored)]);
        return restored;
      });
    } catch (error) {
      if (!isSqlState(error, SQLSTATE.uniqueViolation)) throw error;
      throw new AppError('CONFLICT', 'Somebody pushed one of the tags meanwhile; look at the conflicts again.');
    }
  }
}

async function planOf(sql: Sql, restoration: Restoration, lock: boolean): Promise<RestorationPlan | null> {
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
       and not exists (select from manifests where repository_id = $2 and digest = tm.digest)`,
    [itemId, repositoryId],
  );
  return {
    item,
    repository,
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
  return [{ code: 'not-ready', name: item.title, text: `${item.title} is still being deleted; try again in a minute` }];
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

/** A tag alone needs its artifact. */
async function artifactMissing(
  sql: Sql,
  projectId: number,
  item: StoredItem,
  repositoryId: number,
): Promise<Conflict[]> {
  if (item.kind !== 'tag' || item.digest === null) return [];
  const [row] = await sql.query<{ live: boolean; item_id: number | null }>(
    `select exists (select from manifests where repository_id = $1 and digest = decode($2, 'hex')) as live,
       (select max(tm.item_id) from trash_manifests tm join trash_items i on i.id = tm.item_id
        where tm.project_id = $3 and tm.digest = decode($2, 'hex') and not tm.is_copy and i.state = 'kept') as item_id`,
    [repositoryId, item.digest, projectId],
  );
  if (row?.live) return [];
  const digest = digestFromHex(item.digest);
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

/** Bytes need no look: what is in the trash counts already. Artifacts do not. */
async function tooMany(sql: Sql, projectId: number, more: number, lock: boolean): Promise<Conflict[]> {
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

async function bringBack(transaction: Transaction, restoration: Restoration, plan: RestorationPlan): Promise<Restored> {
  const { projectId, itemId } = restoration;
  const repositoryId = await reviveRepository(transaction, restoration, plan);
  const said = { by: restoration.by, how: 'restore', from: restoration.from };
  await transaction.query(`select set_config('moorage.tag_change', $1, true)`, [JSON.stringify(said)]);
  await transaction.query(HOLD_BLOBS, [itemId]);
  const links = await transaction.query<{ digest: string }>(PUT_LINKS, [itemId, repositoryId, projectId]);
  const made = await transaction.query<{ digest: string }>(PUT_MANIFESTS, [itemId, repositoryId, projectId]);
  await transaction.query(PUT_LABELS, [itemId, repositoryId, projectId]);
  const tags = await transaction.query(PUT_TAGS, [
    itemId,
    repositoryId,
    projectId,
    plan.tags.set.map((tag) => tag.name),
    plan.tags.set.map((tag) => tag.as),
  ]);
  await chargeRestored(
    transaction,
    projectId,
    [...links, ...made].map((row) => row.digest),
  );
  const held = await transaction.query<{ digest: string }>(
    `select encode(digest, 'hex') as digest from trash_manifests where item_id = $1
     union all select encode(digest, 'hex') from trash_blobs where item_id = $1`,
    [itemId],
  );
  await dischargeTrash(
    transaction,
    projectId,
    held.map((row) => row.digest),
  );
  await transaction.query(COUNT, [repositoryId, made.length, tags.length]);
  await transaction.query(RELIST, [itemId, repositoryId]);
  await transaction.query('delete from trash_items where id = $1', [itemId]);
  return {
    repository: plan.repository,
    repositoryId,
    tags: tags.length,
    artifacts: made.length,
    leftOut: plan.tags.leftOut,
  };
}

async function reviveRepository(
  transaction: Transaction,
  { projectId }: Restoration,
  { item, repository }: RestorationPlan,
): Promise<number> {
  if (repository === item.repository) {
    await transaction.query(REVIVE, [item.repository_id, projectId, repository, JSON.stringify(item.details)]);
  }
  const scope = { namespaceId: projectId, name: repository as RepositoryName };
  if (!(await ensureRepository(transaction, scope))) throw new AppError('NOT_FOUND', 'The project does not exist.');
  const [row] = await transaction.query<{ id: number }>(
    'select id from repositories where project_id = $1 and name = $2 for no key update',
    [projectId, repository],
  );
  if (!row) throw new AppError('CONFLICT', `The repository ${repository} was deleted meanwhile; try again.`);
  return row.id;
}
