import type { Sql } from '@moorage/database';
import type { Refused, RepositoryScope } from '@moorage/distribution';

/**
 * Every statement finds the repository by project id and name itself ($1 and $2), in the snapshot it works in. Nothing
 * about names is cached, so a repository that was deleted and made again, or a name of another project, can never be
 * mistaken for this one (S48, S60); the probe of the unique index costs a few microseconds. A
 * project in the trash has no repositories for this: a token from before its deletion must not put anything there.
 *
 * Changes lock in one order: repository (shared), quota, links and manifests, tags, account of the project, counters of
 * the repository. Removing a repository takes the first lock for itself alone.
 */
export const REPOSITORY = `repository as materialized (
  select r.id from repositories r where r.name = $2 and r.project_id = $1
    and exists (select from projects p where p.id = $1 and p.deleted_at is null)
  for key share
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
