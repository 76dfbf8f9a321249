import { containing, type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import { projectFilter } from '../access/index.ts';
import type { ListRequest, Principal } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

/** A repository as it is read; `name` is the full one, project first. */
export interface RepositoryRow {
  readonly id: number;
  readonly project_id: number;
  readonly name: string;
  readonly description: string;
  readonly pull_count: number;
  readonly artifact_count: number;
  readonly tag_count: number;
  readonly last_pushed_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A repository with what tells which project it is in. */
export interface FoundRepository {
  readonly name: string;
  readonly pull_count: number;
  readonly artifact_count: number;
  readonly project_id: number;
  readonly project_name: string;
  readonly is_public: boolean;
}

const COLUMNS: ListColumns = {
  repository_id: { sql: sql`r.id`, kind: 'number' },
  name: { sql: sql`r.name`, kind: 'text' },
  project_id: { sql: sql`r.project_id`, kind: 'number' },
  description: { sql: sql`r.description`, kind: 'text' },
  pull_count: { sql: sql`r.pull_count`, kind: 'number' },
  artifact_count: { sql: sql`r.artifact_count`, kind: 'number' },
  creation_time: { sql: sql`r.created_at`, kind: 'time' },
  update_time: { sql: sql`r.updated_at`, kind: 'time' },
  last_push_time: { sql: sql`r.last_pushed_at`, kind: 'time', nullable: true },
};
const SELECTED = sql`r.id, r.project_id, r.name, r.description, r.pull_count, r.artifact_count, r.tag_count, r.last_pushed_at, r.created_at, r.updated_at`;
/** A repository shows once it had a manifest. */
const SHOWN = sql`r.first_pushed_at is not null`;

/** Repositories in SQL, as the API shows them. What they contain is written by the registry room. */
export class RepositoryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(projectId: number, request: ListRequest): Promise<ListRows<RepositoryRow>> {
    return listRows<RepositoryRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: sql`repositories r`,
        where: [sql`r.project_id = ${projectId}`, SHOWN],
        tiebreak: sql`r.id`,
      },
      request,
    );
  }

  /** One page of the repositories of all projects in which the principal may list them. */
  listReadable(principal: Principal, request: ListRequest): Promise<ListRows<RepositoryRow>> {
    return listRows<RepositoryRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: sql`repositories r join projects p on p.id = r.project_id and p.deleted_at is null`,
        where: [SHOWN, projectFilter(principal, 'repository:list')],
        tiebreak: sql`r.id`,
      },
      request,
    );
  }

  /** Readable repositories whose full name holds the text: by place of the match, then by name, so the exact name first. */
  async search(principal: Principal, text: string, limit: number): Promise<FoundRepository[]> {
    // Names are in lower case: what compares letters of any case looks at each hit twice.
    const part = text.toLowerCase();
    return this.#database.run<FoundRepository>(
      sql`select r.name, r.pull_count, r.artifact_count, p.id as project_id, p.name as project_name, p.is_public
        from repositories r join projects p on p.id = r.project_id and p.deleted_at is null
        where ${SHOWN} and ${projectFilter(principal, 'repository:list')} and r.name like ${containing(part)}
        order by strpos(r.name, ${part}), r.name limit ${limit}`,
    );
  }

  async find(projectId: number, name: string): Promise<RepositoryRow | null> {
    const rows = await this.#database.run<RepositoryRow>(
      sql`select ${SELECTED} from repositories r where r.project_id = ${projectId} and r.name = ${name} and ${SHOWN}`,
    );
    return rows[0] ?? null;
  }

  /** Changes the description; `eventOf` sees the one before. False when there is no such repository. */
  async changeDescription(
    projectId: number,
    name: string,
    description: string,
    eventOf: (repositoryId: number, before: string) => DomainEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query<{ id: number; description: string }>(
        `select id, description from repositories
         where project_id = $1 and name = $2 and first_pushed_at is not null for no key update`,
        [projectId, name],
      );
      const [before] = rows;
      if (!before) return false;
      if (before.description === description) return true;
      await transaction.query(
        'update repositories set description = $3, updated_at = now() where project_id = $1 and id = $2',
        [projectId, before.id, description],
      );
      await appendEvents(transaction, [eventOf(before.id, before.description)]);
      return true;
    });
  }
}
