import { AppError } from '@moorage/contracts';
import { isSqlState, SQLSTATE, type Transaction, type TransactionalSql } from '@moorage/database';
import { ContentDatabase } from '../content/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { dischargeTrash } from '../usage/index.ts';
import { type Restoration, type RestorationPlan, type Restored, tooMany } from './restoration-plan.store.ts';
import { putBack, relist, sayRestored, type TagBack } from './restored-content.store.ts';
import { REVIVE } from './revived-repository.store.ts';

/** A repository with more manifests and tags comes back in batches. */
const LARGE = 2000;
const BATCH = 1000;
const LINKS_PER_BATCH = 2000;

/** What the item remembers of a restoration that has begun, under `restoration` of its details. */
interface Begun {
  /** The name the repository gets at the end. */
  readonly name: string;
  readonly by: string;
  readonly from: string;
  /** Tags that come under another name, at the end; and all that the caller named, so that they do not come before. */
  readonly renamed: readonly TagBack[];
  readonly named: readonly string[];
  readonly event: DomainEvent;
}

interface MovingItem {
  readonly project_id: number;
  readonly title: string;
  readonly begun: Begun;
  readonly details: Readonly<Record<string, unknown>>;
}

/** How a step of a restoration ended; `undone`: the item is on its way back into the trash. */
type Step = 'more' | 'restored' | 'undone';

/** Whether it comes back in batches: all of a large repository, under a name that nobody has. */
export function isLarge({ item, isFree }: RestorationPlan): boolean {
  return item.kind === 'repository' && isFree && item.artifact_count + item.tag_count > LARGE;
}

/** Makes the repository, hidden, and marks the item: from now on it can only come back, or fall back when that fails. */
export async function beginLargeRestoration(
  transaction: Transaction,
  restoration: Restoration,
  plan: RestorationPlan,
  eventOf: (restored: Restored) => DomainEvent,
): Promise<Restored> {
  const { projectId, itemId, by, from, tags } = restoration;
  const { item, repository } = plan;
  const hidden = `${repository}#${itemId}`;
  const isItself = repository === item.repository;
  const details = JSON.stringify(item.details);
  const [made] = isItself
    ? await transaction.query<{ id: number }>(`${REVIVE} returning id`, [
        item.repository_id,
        projectId,
        hidden,
        details,
      ])
    : await transaction.query<{ id: number }>(
        `insert into repositories (project_id, name) select id, $2 from projects where id = $1 and deleted_at is null returning id`,
        [projectId, hidden],
      );
  if (!made) throw new AppError('CONFLICT', `The repository ${repository} cannot be made now; try again.`);
  await transaction.query('update repositories set first_pushed_at = null, trash_item_id = $2 where id = $1', [
    made.id,
    itemId,
  ]);
  const restored: Restored = {
    repository,
    repositoryId: made.id,
    tags: plan.tags.set.length,
    artifacts: plan.artifacts,
    leftOut: plan.tags.leftOut,
    isMoving: true,
  };
  const begun: Begun = {
    name: repository,
    by,
    from,
    renamed: plan.tags.set.filter((tag) => tags.has(tag.name)).map(({ name, as }) => ({ name, as })),
    named: [...tags.keys()],
    event: eventOf(restored),
  };
  await transaction.query(
    `update trash_items set state = 'restoring', details = details || jsonb_build_object('restoration', $2::jsonb) where id = $1`,
    [itemId, JSON.stringify(begun)],
  );
  return restored;
}

/** Items that are still to come back, oldest first. */
export async function restorationsUnderWay(database: TransactionalSql, limit: number): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    `select id from trash_items where state = 'restoring' order by id limit $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

/**
 * Brings a large repository back, each batch a transaction of its own, until `mayGoOn` says no; nothing of it shows before
 * the last. Goes on where it was left, whoever left it. When its name was taken meanwhile, or it does not fit any more,
 * the item gets its content back.
 */
export async function continueRestoration(
  database: TransactionalSql,
  itemId: number,
  mayGoOn: () => boolean,
): Promise<Step> {
  const content = new ContentDatabase(database);
  while (mayGoOn()) {
    try {
      const step = await content.transaction((transaction) => moveBatch(transaction, itemId));
      if (step !== 'more') return step;
    } catch (error) {
      // Somebody took the name between the look and the change; the next look sees it.
      if (!isSqlState(error, SQLSTATE.uniqueViolation)) throw error;
    }
  }
  return 'more';
}

async function moveBatch(transaction: Transaction, itemId: number): Promise<Step> {
  const [item] = await transaction.query<MovingItem>(
    `select project_id, title, details -> 'restoration' as begun, details from trash_items
     where id = $1 and state = 'restoring' for update`,
    [itemId],
  );
  const [repository] = await transaction.query<{ id: number }>(
    'select id from repositories where trash_item_id = $1 for update',
    [itemId],
  );
  if (!item || !repository) return 'restored';
  const place = { projectId: item.project_id, itemId, repositoryId: repository.id };
  const batch = await transaction.query<{ digest: string }>(
    `select encode(digest, 'hex') as digest from trash_manifests where item_id = $1 order by digest limit ${BATCH}`,
    [itemId],
  );
  const manifests = batch.map((row) => row.digest);
  if (manifests.length === 0) {
    if (await emptyLinks(transaction, place)) return 'more';
    return finish(transaction, place, item);
  }
  const [conflict] = await tooMany(transaction, item.project_id, manifests.length, true);
  if (conflict) return undo(transaction, itemId, item, conflict.text);
  await sayRestored(transaction, item.begun.by, item.begun.from);
  const tags = await transaction.query<{ name: string }>(
    `select name from trash_tags where item_id = $1 and digest in (select decode(hex, 'hex') from unnest($2::text[]) hex)
       and not name = any($3::text[])`,
    [itemId, manifests, item.begun.named],
  );
  const names = tags.map((tag) => tag.name);
  await putBack(
    transaction,
    place,
    manifests,
    names.map((name) => ({ name, as: name })),
  );
  await relist(transaction, repository.id, manifests);
  await transaction.query('delete from trash_tags where item_id = $1 and name = any($2::text[])', [itemId, names]);
  await transaction.query(
    `delete from trash_manifests where item_id = $1 and digest in (select decode(hex, 'hex') from unnest($2::text[]) hex)`,
    [itemId, manifests],
  );
  await dischargeTrash(transaction, item.project_id, manifests);
  return 'more';
}

/** All of them are linked again. */
async function emptyLinks(
  transaction: Transaction,
  { projectId, itemId }: { readonly projectId: number; readonly itemId: number },
): Promise<boolean> {
  const gone = await transaction.query<{ digest: string }>(
    `with gone as (
       delete from trash_blobs where item_id = $1 and digest in (
         select digest from trash_blobs where item_id = $1 order by digest limit ${LINKS_PER_BATCH}) returning digest
     ) select encode(digest, 'hex') as digest from gone`,
    [itemId],
  );
  await dischargeTrash(
    transaction,
    projectId,
    gone.map((row) => row.digest),
  );
  return gone.length > 0;
}

async function finish(
  transaction: Transaction,
  place: { readonly projectId: number; readonly itemId: number; readonly repositoryId: number },
  item: MovingItem,
): Promise<Step> {
  const { name, by, from, renamed, event } = item.begun;
  const taken = await transaction.query('select from repositories where project_id = $1 and name = $2', [
    place.projectId,
    name,
  ]);
  if (taken.length > 0) {
    return undo(transaction, place.itemId, item, `there is a repository ${name} again, pushed meanwhile`);
  }
  await sayRestored(transaction, by, from);
  await putBack(transaction, place, [], renamed);
  const tagged = await transaction.query<{ digest: string }>(
    `select distinct encode(digest, 'hex') as digest from tags where repository_id = $1 and name = any($2::text[])`,
    [place.repositoryId, renamed.map((tag) => tag.as)],
  );
  await relist(
    transaction,
    place.repositoryId,
    tagged.map((row) => row.digest),
  );
  await transaction.query(
    `update repositories set name = $2, trash_item_id = null, updated_at = now(),
       first_pushed_at = coalesce(($3::jsonb ->> 'first_pushed_at')::timestamptz, now()) where id = $1`,
    [place.repositoryId, name, JSON.stringify(item.details)],
  );
  await transaction.query('delete from trash_items where id = $1', [place.itemId]);
  await appendEvents(transaction, [event]);
  return 'restored';
}

/** The way a large repository goes into the trash takes it there again; it is kept for a day at least. */
async function undo(transaction: Transaction, itemId: number, item: MovingItem, because: string): Promise<Step> {
  await transaction.query(
    `update trash_items set state = 'filling', details = details - 'restoration',
       expires_at = greatest(expires_at, now() + interval '1 day') where id = $1`,
    [itemId],
  );
  const { event, name } = item.begun;
  const audit = event.audit && {
    ...event.audit,
    description: `${name} is not restored and stays in the trash: ${because}`,
    succeeded: false,
    status: 409,
  };
  await appendEvents(transaction, [
    {
      name: 'repository.restoration-undone',
      projectId: item.project_id,
      data: { trashItemId: itemId, repository: name, because },
      ...(audit ? { audit } : {}),
    },
  ]);
  return 'undone';
}
