import { AppError } from '@moorage/contracts';
import { isSqlState, SQLSTATE, type Transaction } from '@moorage/database';
import type { RepositoryName } from '@moorage/distribution';
import { ContentDatabase, ensureRepository } from '../content/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { dischargeTrash } from '../usage/index.ts';
import { beginLargeRestoration, isLarge } from './large-restoration.store.ts';
import {
  planOf,
  type Restoration,
  type RestorationPlan,
  type Restored,
  type StoredItem,
} from './restoration-plan.store.ts';
import { putBack, relist, sayRestored } from './restored-content.store.ts';
import { REVIVE } from './revived-repository.store.ts';

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

  /** Restores, or begins to; null when there is no such item. Throws CONFLICT for whatever is in the way. */
  async restore(
    restoration: Restoration,
    eventOf: (item: StoredItem, restored: Restored) => DomainEvent,
  ): Promise<Restored | null> {
    try {
      return await this.#database.transaction(async (transaction) => {
        // An artifact may have many thousands of accessories, which come with it.
        await transaction.query('set local statement_timeout = 0');
        const plan = await planOf(transaction, restoration, true);
        if (!plan) return null;
        const [conflict] = plan.conflicts;
        if (conflict) throw new AppError('CONFLICT', `${conflict.text}.`);
        if (isLarge(plan)) {
          return beginLargeRestoration(transaction, restoration, plan, (restored) => eventOf(plan.item, restored));
        }
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

async function bringBack(transaction: Transaction, restoration: Restoration, plan: RestorationPlan): Promise<Restored> {
  const { projectId, itemId, by, from } = restoration;
  const repositoryId = await reviveRepository(transaction, restoration, plan);
  await sayRestored(transaction, by, from);
  const held = await transaction.query<{ digest: string; is_manifest: boolean }>(
    `select encode(digest, 'hex') as digest, true as is_manifest from trash_manifests where item_id = $1
     union all select encode(digest, 'hex'), false from trash_blobs where item_id = $1`,
    [itemId],
  );
  const manifests = held.filter((row) => row.is_manifest).map((row) => row.digest);
  const back = await putBack(transaction, { projectId, itemId, repositoryId }, manifests, plan.tags.set);
  await dischargeTrash(
    transaction,
    projectId,
    held.map((row) => row.digest),
  );
  await transaction.query('update repositories set first_pushed_at = coalesce(first_pushed_at, now()) where id = $1', [
    repositoryId,
  ]);
  // A tag alone shows or hides the artifact it is on.
  await relist(transaction, repositoryId, [...manifests, ...(plan.item.digest === null ? [] : [plan.item.digest])]);
  await transaction.query('delete from trash_items where id = $1', [itemId]);
  return { repository: plan.repository, repositoryId, ...back, leftOut: plan.tags.leftOut, isMoving: false };
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
