import type { Database } from '@moorage/database';
import type { ProjectRef } from '../http/index.ts';
import { type RoleBinding, roleOf } from './access.rules.ts';

/** The facts access decisions rest on: which project a name means, and which roles a user has there. */
export class AccessStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A live project by name or, when `asName` is false and the text is a number, by id. */
  async findProject(nameOrId: string, asName: boolean): Promise<ProjectRef | null> {
    const id = !asName && /^[1-9][0-9]{0,8}$/.test(nameOrId) ? Number(nameOrId) : null;
    const rows = await this.#database.query<{ id: number; name: string; is_public: boolean }>(
      id === null
        ? 'select id, name, is_public from projects where name = $1 and deleted_at is null'
        : 'select id, name, is_public from projects where id = $1 and deleted_at is null',
      [id ?? nameOrId],
    );
    const row = rows[0];
    return row ? { id: row.id, name: row.name, isPublic: row.is_public } : null;
  }

  /** The user's roles in one project. */
  async listBindings(userId: number, projectId: number): Promise<RoleBinding[]> {
    const rows = await this.#database.query<{ role_id: number }>(
      `select role_id from project_members where project_id = $2 and entity_type = 'u' and entity_id = $1`,
      [userId, projectId],
    );
    return rows.flatMap((row) => {
      const role = roleOf(row.role_id);
      return role ? [{ role }] : [];
    });
  }
}
