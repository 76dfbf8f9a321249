import type { Sql, Transaction } from '@moorage/database';
import type { RepositoryScope } from '@moorage/distribution';
import { dischargeRepository } from '../usage/index.ts';

/**
 * Every statement finds the repository by project id and name itself ($1 and $2), in the snapshot it works in. Nothing
 * about names is cached, so a repository that was deleted and made again, or a name of another project, can never be
 * mistaken for this one (S48, S60); the probe of the unique index costs a few microseconds.
 *
 * Changes lock in one order: repository (shared), quota, links and manifests, tags, account of the project, counters of
 * the repository. Removing a repository takes the first lock for itself alone.
 */
export const REPOSITORY = `repository as materialized (
  select id from repositories where name = $2 and project_id = $1 for key share
)`;

/** Makes the repository's row. Quiet when it exists. */
export async function ensureRepository(sql: Sql, repository: RepositoryScope): Promise<void> {
  await sql.query(
    'insert into repositories (project_id, name) values ($1, $2) on conflict (project_id, name) do nothing',
    [repository.namespaceId, repository.name],
  );
}

/** What a repository had when it was removed. */
export interface RemovedRepository {
  readonly id: number;
  readonly artifactCount: number;
  readonly tagCount: number;
}

/**
 * Removes a repository with its manifests, tags and links, and gives their bytes back; null when there is none. Pushes
 * that are under way come first, later ones make a new repository. The caller adds its event to the same transaction.
 */
export async function removeRepository(
  transaction: Transaction,
  repository: RepositoryScope,
): Promise<RemovedRepository | null> {
  const [row] = await transaction.query<{ id: number; artifact_count: number; tag_count: number }>(
    'select id, artifact_count, tag_count from repositories where project_id = $1 and name = $2 for update',
    [repository.namespaceId, repository.name],
  );
  if (!row) return null;
  await dischargeRepository(transaction, repository.namespaceId, row.id);
  await transaction.query('delete from repositories where id = $1', [row.id]);
  return { id: row.id, artifactCount: row.artifact_count, tagCount: row.tag_count };
}
