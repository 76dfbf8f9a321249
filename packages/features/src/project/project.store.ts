import { AppError } from '@moorage/contracts';
import {
  type Database,
  isSqlState,
  type ListColumns,
  type ListRows,
  listRows,
  SQLSTATE,
  type Statement,
  sql,
  type Transaction,
} from '@moorage/database';
import { containing } from '@moorage/database';
import { membershipsOf, projectFilter } from '../access/index.ts';
import type { ListRequest, Principal } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { CveAllowlist, ProjectRow, ProjectSettings } from './project.rules.ts';

/** A repository shows once it had a manifest. */
const REPOSITORY_COUNT = sql`(select count(*) from repositories r where r.project_id = p.id and r.first_pushed_at is not null)`;
const LAST_PUSH = sql`(select max(r.last_pushed_at) from repositories r where r.project_id = p.id and r.first_pushed_at is not null)`;
/** Folded usage and what the ledger still holds. */
const USED_BYTES = sql`(coalesce((select q.used_bytes from quotas q where q.project_id = p.id), 0) + coalesce((select sum(l.bytes) from quota_ledger l where l.project_id = p.id), 0))::bigint`;

const COLUMNS: ListColumns = {
  project_id: { sql: sql`p.id`, kind: 'number' },
  name: { sql: sql`p.name`, kind: 'text' },
  public: { sql: sql`p.is_public`, kind: 'boolean' },
  owner: { sql: sql`u.username`, kind: 'text' },
  owner_id: { sql: sql`p.owner_id`, kind: 'number' },
  creation_time: { sql: sql`p.created_at`, kind: 'time' },
  update_time: { sql: sql`p.updated_at`, kind: 'time' },
  repo_count: { sql: REPOSITORY_COUNT, kind: 'number' },
  last_push_time: { sql: LAST_PUSH, kind: 'time', nullable: true },
  storage_used: { sql: USED_BYTES, kind: 'number' },
};

interface StoredProject {
  id: number;
  name: string;
  owner_id: number;
  owner_name: string;
  is_public: boolean;
  metadata: ProjectSettings['metadata'];
  cve_allowlist: CveAllowlist;
  registry_id: number | null;
  created_at: Date;
  updated_at: Date;
  role_ids: number[];
  repository_count: number;
  last_pushed_at: Date | null;
  used_bytes: number;
  hard_bytes: number;
}

/** Which projects a list is about, beside `q`. */
export interface ProjectSelection {
  readonly name?: string | undefined;
  readonly isPublic?: boolean | undefined;
  readonly owner?: string | undefined;
}

export interface NewProject {
  readonly name: string;
  readonly settings: ProjectSettings;
  /** -1 for unlimited. */
  readonly hardBytes: number;
  /** The user who becomes owner and project admin; a robot's project belongs to the robot's creator. */
  readonly creator: { readonly userId: number } | { readonly robotId: number };
}

/** Projects in SQL. */
export class ProjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of the projects that a principal may read; `all` is for those who may list every project. */
  async list(
    principal: Principal,
    all: boolean,
    selection: ProjectSelection,
    request: ListRequest,
  ): Promise<ListRows<ProjectRow>> {
    const { rows, total } = await listRows<StoredProject>(
      this.#database,
      {
        columns: COLUMNS,
        select: columnsFor(principal),
        from: sql`projects p join users u on u.id = p.owner_id`,
        where: [
          sql`p.deleted_at is null`,
          ...(all ? [] : [projectFilter(principal, 'project:read')]),
          ...(selection.name === undefined ? [] : [sql`p.name ilike ${containing(selection.name)}`]),
          ...(selection.isPublic === undefined ? [] : [sql`p.is_public = ${selection.isPublic}`]),
          ...(selection.owner === undefined ? [] : [sql`u.username = ${selection.owner}`]),
        ],
        tiebreak: sql`p.id`,
      },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  /** Readable projects whose name holds the text: the exact name first, then those that begin with it, then by name. */
  async search(principal: Principal, all: boolean, text: string, limit: number): Promise<ProjectRow[]> {
    const filter = all ? sql`true` : projectFilter(principal, 'project:read');
    const rows = await this.#database.run<StoredProject>(
      sql`select ${columnsFor(principal)} from projects p join users u on u.id = p.owner_id
        where p.deleted_at is null and ${filter} and p.name ilike ${containing(text)}
        order by p.name = ${text} desc, starts_with(p.name, ${text}) desc, p.name limit ${limit}`,
    );
    return rows.map(rowOf);
  }

  /** Whether a live project of that name exists that the principal may read. */
  async isVisible(principal: Principal, all: boolean, name: string): Promise<boolean> {
    const filter = all ? sql`true` : projectFilter(principal, 'project:read');
    const rows = await this.#database.run(
      sql`select 1 from projects p where p.name = ${name} and p.deleted_at is null and ${filter}`,
    );
    return rows.length > 0;
  }

  async find(projectId: number, principal: Principal): Promise<ProjectRow | null> {
    const rows = await this.#database.run<StoredProject>(
      sql`select ${columnsFor(principal)} from projects p join users u on u.id = p.owner_id where p.id = ${projectId} and p.deleted_at is null`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** Creates project, membership of its creator and quota row with the event that tells of it. Throws CONFLICT for a taken name. */
  async create(project: NewProject, eventOf: (projectId: number) => DomainEvent): Promise<number> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const id = await insertProject(transaction, project);
        await appendEvents(transaction, [eventOf(id)]);
        return id;
      });
    } catch (error) {
      if (isSqlState(error, SQLSTATE.uniqueViolation, 'projects_name')) {
        throw new AppError('CONFLICT', `project_name: ${project.name} is taken; choose another name.`);
      }
      throw error;
    }
  }

  /**
   * The only writer of a project's settings (S50). `change` sees the settings under a row lock; returning null leaves
   * them. False when the project is gone.
   */
  async changeSettings(
    projectId: number,
    change: (current: ProjectSettings) => { settings: ProjectSettings; event: DomainEvent } | null,
  ): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query<Pick<StoredProject, 'is_public' | 'metadata' | 'cve_allowlist'>>(
        'select is_public, metadata, cve_allowlist from projects where id = $1 and deleted_at is null for no key update',
        [projectId],
      );
      if (!rows[0]) return false;
      const changed = change(settingsOf(rows[0]));
      if (changed === null) return true;
      const { isPublic, metadata, cveAllowlist } = changed.settings;
      await transaction.query(
        'update projects set is_public = $2, metadata = $3, cve_allowlist = $4, updated_at = now() where id = $1',
        [projectId, isPublic, JSON.stringify(metadata), JSON.stringify(cveAllowlist)],
      );
      await appendEvents(transaction, [changed.event]);
      return true;
    });
  }
}

/** Notes the retention policy of a project in its metadata (PRJ-4), or that it has none; false when the project is gone. */
export async function writeRetentionId(
  transaction: Transaction,
  projectId: number,
  id: number | null,
): Promise<boolean> {
  const changed = await transaction.query(
    `update projects set updated_at = now(), metadata = case when $2::text is null then metadata - 'retention_id'
       else metadata || jsonb_build_object('retention_id', $2::text) end
     where id = $1 and deleted_at is null returning id`,
    [projectId, id === null ? null : String(id)],
  );
  return changed.length > 0;
}

async function insertProject(transaction: Transaction, project: NewProject): Promise<number> {
  const { settings, creator } = project;
  const rows = await transaction.query<{ id: number; owner_id: number }>(
    `insert into projects (name, owner_id, is_public, metadata, cve_allowlist)
     values ($1, coalesce($2::int,
         (select u.id from robots r join users u on u.id = r.creator_id and u.deleted_at is null
          where r.id = $3 and r.creator_type = 'local'),
         (select min(id) from users where is_sysadmin and deleted_at is null)), $4, $5, $6)
     returning id, owner_id`,
    [
      project.name,
      'userId' in creator ? creator.userId : null,
      'robotId' in creator ? creator.robotId : null,
      settings.isPublic,
      JSON.stringify(settings.metadata),
      JSON.stringify(settings.cveAllowlist),
    ],
  );
  const row = rows[0];
  if (!row) throw new Error('the insert of a project returned nothing');
  await transaction.query(
    `with member as (
       insert into project_members (project_id, entity_type, entity_id, role_id) values ($1, 'u', $2, 1)
     )
     insert into quotas (project_id, hard_bytes) values ($1, $3)`,
    [row.id, row.owner_id, project.hardBytes],
  );
  return row.id;
}

function columnsFor(principal: Principal): Statement {
  const roles =
    principal.kind === 'user'
      ? sql`(select coalesce(array_agg(distinct m.role_id), '{}') from ${membershipsOf(principal.id)} m where m.project_id = p.id)`
      : sql`'{}'::int[]`;
  return sql`p.id, p.name, p.owner_id, u.username as owner_name, p.is_public, p.metadata, p.cve_allowlist, p.registry_id,
    p.created_at, p.updated_at, ${roles} as role_ids, ${REPOSITORY_COUNT} as repository_count,
    ${LAST_PUSH} as last_pushed_at, ${USED_BYTES} as used_bytes,
    coalesce((select q.hard_bytes from quotas q where q.project_id = p.id), -1) as hard_bytes`;
}

function settingsOf(row: Pick<StoredProject, 'is_public' | 'metadata' | 'cve_allowlist'>): ProjectSettings {
  return { isPublic: row.is_public, metadata: row.metadata, cveAllowlist: row.cve_allowlist };
}

function rowOf(row: StoredProject): ProjectRow {
  return {
    ...settingsOf(row),
    id: row.id,
    name: row.name,
    ownerId: row.owner_id,
    ownerName: row.owner_name,
    registryId: row.registry_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    roleIds: row.role_ids,
    repositoryCount: row.repository_count,
    lastPushedAt: row.last_pushed_at,
    usedBytes: row.used_bytes,
    hardBytes: row.hard_bytes,
  };
}
