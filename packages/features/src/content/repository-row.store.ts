import type { Sql, Transaction } from '@moorage/database';
import type { Refused, RepositoryScope } from '@moorage/distribution';
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

/** The answer to a push whose project was deleted while it was under way. */
export const PROJECT_GONE: Refused = {
  status: 'refused',
  message: 'the project of this repository does not exist any more',
};

/** Makes the repository's row, quietly when it exists; false when its project does not. */
export async function ensureRepository(sql: Sql, repository: RepositoryScope): Promise<boolean> {
  const projects = await sql.query(
    `with project as (
       select id from projects where id = $1 and deleted_at is null for key share
     ), made as (
       insert into repositories (project_id, name) select id, $2 from project on conflict (project_id, name) do nothing
     )
     select from project`,
    [repository.namespaceId, repository.name],
  );
  return projects.length > 0;
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
  const [row] = await transaction.query<{ id: number }>(
    'select id from repositories where project_id = $1 and name = $2 for update',
    [repository.namespaceId, repository.name],
  );
  if (!row) return null;
  const [counts] = await transaction.query<{ artifacts: number; tags: number }>(
    `with uncounted as (delete from repository_changes where repository_id = $1)
     select (select count(*) from manifests where repository_id = $1) as artifacts,
       (select count(*) from tags where repository_id = $1) as tags`,
    [row.id],
  );
  await dischargeRepository(transaction, repository.namespaceId, row.id);
  await transaction.query('delete from repositories where id = $1', [row.id]);
  return { id: row.id, artifactCount: counts?.artifacts ?? 0, tagCount: counts?.tags ?? 0 };
}
