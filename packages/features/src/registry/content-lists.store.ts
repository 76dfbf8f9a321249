import type {
  Catalog,
  CatalogFilter,
  NamePage,
  RepositoryName,
  RepositoryScope,
  Tag,
  Tags,
} from '@moorage/distribution';
import type { ContentDatabase } from '../content/index.ts';

const TAGS = `
  select t.name from repositories r left join lateral (
    select name from tags where repository_id = r.id and name > $3 order by name limit $4
  ) t on true
  where r.project_id = $1 and r.name = $2
  order by t.name`;

const ALL_REPOSITORIES = `
  select r.name from repositories r join projects p on p.id = r.project_id and p.deleted_at is null
  where r.name > $1
  order by r.name limit $2`;

/**
 * Names of a repository begin with its project's, so projects in the order of `name/` give their repositories in order,
 * and only as many projects are visited as the page needs.
 */
const REPOSITORIES_OF_PROJECTS = `
  select r.name from (
    select id, name || '/' collate "C" as prefix from projects
    where id = any($3::int[]) and deleted_at is null and name || '/' collate "C" >= $4
    order by 2
  ) p cross join lateral (
    select name from repositories
    where project_id = p.id and name > $1 order by name limit $2
  ) r
  order by p.prefix, r.name limit $2`;

/** Tag lists and the catalog: pages by name in byte order, each one index range. */
export class SqlContentLists implements Tags, Catalog {
  readonly #database: ContentDatabase;

  constructor(database: ContentDatabase) {
    this.#database = database;
  }

  async listTags(
    repository: RepositoryScope,
    options: { after?: string; limit: number },
  ): Promise<NamePage<Tag> | null> {
    const rows = await this.#database.query<{ name: Tag | null }>(TAGS, [
      repository.namespaceId,
      repository.name,
      options.after ?? '',
      options.limit + 1,
    ]);
    if (rows.length === 0) return null;
    return page(
      rows.map((row) => row.name).filter((name) => name !== null),
      options.limit,
    );
  }

  async listRepositories(
    filter: CatalogFilter,
    options: { after?: string; limit: number },
  ): Promise<NamePage<RepositoryName>> {
    const { after = '', limit } = options;
    const rows =
      filter === 'all'
        ? await this.#database.query<{ name: RepositoryName }>(ALL_REPOSITORIES, [after, limit + 1])
        : await this.#database.query<{ name: RepositoryName }>(REPOSITORIES_OF_PROJECTS, [
            after,
            limit + 1,
            filter.namespaceIds,
            after.slice(0, after.indexOf('/') + 1),
          ]);
    return page(
      rows.map((row) => row.name),
      limit,
    );
  }

  async hasRepository(repository: RepositoryScope): Promise<boolean> {
    const rows = await this.#database.query('select from repositories where project_id = $1 and name = $2', [
      repository.namespaceId,
      repository.name,
    ]);
    return rows.length > 0;
  }
}

function page<T extends string>(names: readonly T[], limit: number): NamePage<T> {
  const items = names.slice(0, limit);
  const next = items.at(-1);
  return names.length > limit && next !== undefined ? { items, next } : { items };
}
