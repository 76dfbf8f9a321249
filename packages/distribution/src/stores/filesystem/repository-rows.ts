import type { RepositoryScope } from '../../ports/index.ts';
import type { MetadataDatabase } from './metadata-database.ts';

/** Finds the row of a repository. The namespace is part of every look-up: a name alone reaches nothing. */
export class RepositoryRows {
  readonly #find;
  readonly #create;

  constructor(database: MetadataDatabase) {
    this.#find = database.prepare<{ id: number }>('select id from repositories where name = ? and namespace_id = ?');
    this.#create = database.prepare(
      'insert into repositories (name, namespace_id) values (?, ?) on conflict do nothing',
    );
  }

  find(scope: RepositoryScope): number | undefined {
    return this.#find.get(scope.name, scope.namespaceId)?.id;
  }

  /** A repository comes into being with its first content. */
  findOrCreate(scope: RepositoryScope): number {
    const known = this.find(scope);
    if (known !== undefined) return known;
    this.#create.run(scope.name, scope.namespaceId);
    return this.find(scope) as number;
  }
}
