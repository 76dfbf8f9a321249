import type { Transaction } from '@moorage/database';
import type { RepositoryScope } from '@moorage/distribution';
import { dischargeRepository } from '../usage/index.ts';
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
}

const LOCK = `select id, description, pull_count, created_at, first_pushed_at, last_pushed_at
  from repositories where project_id = $1 and name = $2 for update`;

/**
 * Removes a repository with its manifests, tags and links, and gives their bytes back; null when there is none. Pushes
 * that are under way come first, later ones make a new repository. The caller adds its event to the same transaction.
 */
export async function removeRepository(
  transaction: Transaction,
  repository: RepositoryScope,
  origin: RemovalOrigin,
): Promise<RemovedRepository | null> {
  const { namespaceId: projectId, name } = repository;
  const [row] = await transaction.query<{ id: number }>(LOCK, [projectId, name]);
  if (!row) return null;
  const { id, ...details } = row;
  const [counts] = await transaction.query<{ artifacts: number; tags: number }>(
    `with uncounted as (delete from repository_changes where repository_id = $1)
     select (select count(*) from manifests where repository_id = $1) as artifacts,
       (select count(*) from tags where repository_id = $1) as tags`,
    [id],
  );
  await sayHow(transaction, origin);
  const days = await trashDays(transaction, projectId);
  const item = { kind: 'repository', digest: null, title: name, details } as const;
  const [itemId = null] =
    days === 0
      ? []
      : await makeItems(transaction, { projectId, repository: name, repositoryId: id }, [item], origin, days);
  if (itemId !== null) await moveAll(transaction, projectId, id, itemId);
  await dischargeRepository(transaction, projectId, id);
  await transaction.query('delete from repositories where id = $1', [id]);
  return { id, artifactCount: counts?.artifacts ?? 0, tagCount: counts?.tags ?? 0, itemId };
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
