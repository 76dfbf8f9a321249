import { type Database, sql } from '@moorage/database';
import type { ProjectRef } from '../http/index.ts';
import { type RoleBinding, roleOf } from './access.rules.ts';
import { membershipsOf } from './membership.store.ts';

/** The facts access decisions rest on: which project a name means, and which roles a user has there. */
export class AccessStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A live project by name or, when `asName` is false and the text is a number, by id. */
  async findProject(nameOrId: string, asName: boolean): Promise<ProjectRef | null> {
    if (nameOrId.includes('\0')) return null;
    const id = !asName && /^[1-9][0-9]{0,8}$/.test(nameOrId) ? Number(nameOrId) : null;
    const rows = await this.#database.query<StoredProject>(
      id === null
        ? 'select id, name, is_public from projects where name = $1 and deleted_at is null'
        : 'select id, name, is_public from projects where id = $1 and deleted_at is null',
      [id ?? nameOrId],
    );
    return rows[0] ? projectRef(rows[0]) : null;
  }

  /** Live projects with these names or ids; absent ones are left out. */
  async findProjects(
    by: { readonly names: readonly string[] } | { readonly ids: readonly number[] },
  ): Promise<ProjectRef[]> {
    const rows =
      'names' in by
        ? await this.#database.query<StoredProject>(
            'select id, name, is_public from projects where name = any($1::text[]) and deleted_at is null',
            [by.names.filter((name) => !name.includes('\0'))],
          )
        : await this.#database.query<StoredProject>(
            'select id, name, is_public from projects where id = any($1::int[]) and deleted_at is null',
            [by.ids],
          );
    return rows.map(projectRef);
  }

  /** The user's roles in one project, his own and those of his groups. */
  async listBindings(userId: number, projectId: number): Promise<RoleBinding[]> {
    return (await this.listBindingsIn(userId, [projectId])).get(projectId) ?? [];
  }

  /** The user's roles in several projects, by project id; one statement however many groups he is in. */
  async listBindingsIn(userId: number, projectIds: readonly number[]): Promise<Map<number, RoleBinding[]>> {
    const rows = await this.#database.run<{ project_id: number; role_id: number; group_name: string | null }>(
      sql`select m.project_id, m.role_id, g.group_name from ${membershipsOf(userId)} m
        left join user_groups g on g.id = m.group_id
        where m.project_id = any(${projectIds}::int[])
        order by m.project_id, m.group_id nulls first`,
    );
    const bindings = new Map<number, RoleBinding[]>();
    for (const row of rows) {
      const role = roleOf(row.role_id);
      if (!role) continue;
      const binding: RoleBinding = row.group_name === null ? { role } : { role, group: row.group_name };
      bindings.set(row.project_id, [...(bindings.get(row.project_id) ?? []), binding]);
    }
    return bindings;
  }
}

interface StoredProject {
  readonly id: number;
  readonly name: string;
  readonly is_public: boolean;
}

function projectRef(row: StoredProject): ProjectRef {
  return { id: row.id, name: row.name, isPublic: row.is_public };
}
