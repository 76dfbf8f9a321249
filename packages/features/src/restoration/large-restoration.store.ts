import { AppError } from '@moorage/contracts';
import { isSqlState, SQLSTATE, type Transaction, type TransactionalSql } from '@moorage/database';
import { ContentDatabase } from '../content/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { mergeBatch } from './large-merge.store.ts';
import {
  emptyLinks,
  lockMoving,
  markMoving,
  moveManifests,
  type MovingItem,
  putRenamed,
  type Step,
  tellOtherwise,
} from './moving-item.store.ts';
import { type Restoration, type RestorationPlan, type Restored, tooMany } from './restoration-plan.store.ts';
import { sayRestored, type WayBack } from './restored-content.store.ts';
import { REVIVE } from './revived-repository.store.ts';

/** A repository with more manifests and tags comes back in batches. */
const LARGE = 2000;
const BATCH = 1000;
const ANALYZE = 'analyze manifests (repository_id, digest, accessory_of), tags (repository_id, name)';

/** Whether it comes back in batches: all of a large repository. */
export function isLarge({ item }: RestorationPlan): boolean {
  return item.kind === 'repository' && item.artifact_count + item.tag_count > LARGE;
}

/** Makes the repository, hidden, unless one is there that the item is merged into; and marks the item. */
export async function beginLargeRestoration(
  transaction: Transaction,
  restoration: Restoration,
  plan: RestorationPlan,
  eventOf: (restored: Restored) => DomainEvent,
): Promise<Restored> {
  const { itemId, by, from, tags, skipTakenTags } = restoration;
  const { repository, repositoryId: into } = plan;
  const repositoryId = into ?? (await makeHidden(transaction, restoration, plan));
  const restored: Restored = {
    repository,
    repositoryId,
    tags: plan.tags.set.length,
    artifacts: plan.artifacts,
    leftOut: plan.tags.leftOut,
    isMoving: true,
  };
  await markMoving(transaction, itemId, {
    name: repository,
    ...(into === null ? {} : { into, skipTakenTags, phase: 0 }),
    by,
    from,
    renamed: plan.tags.set.filter((tag) => tags.has(tag.name)).map(({ name, as }) => ({ name, as })),
    named: [...tags.keys()],
    event: eventOf(restored),
  });
  return restored;
}

async function makeHidden(
  transaction: Transaction,
  { projectId, itemId }: Restoration,
  { item, repository }: RestorationPlan,
): Promise<number> {
  const hidden = `${repository}#${itemId}`;
  const [made] =
    repository === item.repository
      ? await transaction.query<{ id: number }>(`${REVIVE} returning id`, [
          item.repository_id,
          projectId,
          hidden,
          JSON.stringify(item.details),
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
  return made.id;
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
 * Brings a large repository back, each batch a transaction of its own, until `mayGoOn` says no. Nothing of it shows
 * before the last, unless it is merged into a repository that is there. Goes on where it was left, whoever left it. When
 * its name was taken meanwhile, or it does not fit any more, the item gets its content back; of a merge, the rest of it.
 */
export async function continueRestoration(
  database: TransactionalSql,
  itemId: number,
  mayGoOn: () => boolean,
): Promise<Step> {
  const content = new ContentDatabase(database);
  for (let batches = 0; mayGoOn(); batches++) {
    // Else the planner takes the repository for empty, until autovacuum comes, and reads all of it for each row.
    if (batches === 1) await database.query(ANALYZE);
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
  const item = await lockMoving(transaction, itemId);
  if (!item) return 'restored';
  const { into } = item.begun;
  return into === undefined ? moveHidden(transaction, item) : mergeBatch(transaction, item, into);
}

async function moveHidden(transaction: Transaction, item: MovingItem): Promise<Step> {
  const { id: itemId, project_id: projectId, begun } = item;
  const [repository] = await transaction.query<{ id: number }>(
    'select id from repositories where trash_item_id = $1 for update',
    [itemId],
  );
  if (!repository) return 'restored';
  const place = { projectId, itemId, repositoryId: repository.id };
  const batch = await transaction.query<{ digest: string }>(
    `select encode(digest, 'hex') as digest from trash_manifests where item_id = $1 order by digest limit ${BATCH}`,
    [itemId],
  );
  const manifests = batch.map((row) => row.digest);
  if (manifests.length === 0) {
    if (await emptyLinks(transaction, item)) return 'more';
    return finish(transaction, place, item);
  }
  const [conflict] = await tooMany(transaction, projectId, manifests.length, true);
  if (conflict) return undo(transaction, item, conflict.text);
  await sayRestored(transaction, begun.by, begun.from);
  const tags = await transaction.query<{ name: string }>(
    `select name from trash_tags where item_id = $1 and digest in (select decode(hex, 'hex') from unnest($2::text[]) hex)
       and not name = any($3::text[])`,
    [itemId, manifests, begun.named],
  );
  await moveManifests(
    transaction,
    place,
    manifests,
    tags.map((tag) => tag.name),
  );
  return 'more';
}

async function finish(transaction: Transaction, place: WayBack, item: MovingItem): Promise<Step> {
  const { name, by, from, renamed, event } = item.begun;
  const taken = await transaction.query('select from repositories where project_id = $1 and name = $2', [
    place.projectId,
    name,
  ]);
  if (taken.length > 0) return undo(transaction, item, `there is a repository ${name} again, pushed meanwhile`);
  await sayRestored(transaction, by, from);
  await putRenamed(transaction, place, renamed);
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
async function undo(transaction: Transaction, item: MovingItem, because: string): Promise<Step> {
  await transaction.query(
    `update trash_items set state = 'filling', details = details - 'restoration',
       expires_at = greatest(expires_at, now() + interval '1 day') where id = $1`,
    [item.id],
  );
  await tellOtherwise(
    transaction,
    item,
    'repository.restoration-undone',
    because,
    'is not restored and stays in the trash',
  );
  return 'undone';
}
