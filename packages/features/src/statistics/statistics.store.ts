import { type Database, type Statement, sql } from '@moorage/database';
import { projectFilter } from '../access/index.ts';
import type { Principal } from '../http/index.ts';

/** How many there are, by visibility. */
export interface Counts {
  readonly public: number;
  readonly private: number;
}

/** Counts over projects and repositories, in SQL. */
export class StatisticsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Projects the principal may read; every one for `all`. */
  countProjects(principal: Principal, all: boolean): Promise<Counts> {
    return this.#count(sql`projects p`, all ? sql`true` : projectFilter(principal, 'project:read'));
  }

  /** Repositories the principal may list; every one for `all`. */
  countRepositories(principal: Principal, all: boolean): Promise<Counts> {
    return this.#count(
      sql`repositories r join projects p on p.id = r.project_id and r.first_pushed_at is not null`,
      all ? sql`true` : projectFilter(principal, 'repository:list'),
    );
  }

  /** Bytes of all content, each distinct blob and manifest once (QUO-2). Reads a row a blob: not for every request. */
  async storedBytes(): Promise<number> {
    const rows = await this.#database.query<{ bytes: number }>(
      `select ((select coalesce(sum(size), 0) from blobs)
         + (select coalesce(sum(size), 0) from (select distinct on (digest) payload_size as size from manifests) once))::bigint as bytes`,
    );
    return rows[0]?.bytes ?? 0;
  }

  async #count(from: Statement, filter: Statement): Promise<Counts> {
    const rows = await this.#database.run<Counts>(
      sql`select count(*) filter (where p.is_public) as public, count(*) filter (where not p.is_public) as private
        from ${from} where p.deleted_at is null and ${filter}`,
    );
    return rows[0] ?? { public: 0, private: 0 };
  }
}
