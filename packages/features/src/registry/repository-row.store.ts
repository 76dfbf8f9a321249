import type { RepositoryScope } from '@moorage/distribution';
import type { Sql } from '@moorage/database';

/**
 * Every statement finds the repository by project id and name itself ($1 and $2), in the snapshot it works in. Nothing
 * about names is cached, so a repository that was deleted and made again, or a name of another project, can never be
 * mistaken for this one (S48, S60); the probe of the unique index costs a few microseconds.
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
