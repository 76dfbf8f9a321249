import type { Database } from '@moorage/database';

/** Inserts a user account without a password; returns its id. */
export async function seedUser(
  database: Database,
  username: string,
  options: { sysadmin?: boolean } = {},
): Promise<number> {
  return insertedId(
    await database.query<{ id: number }>('insert into users (username, is_sysadmin) values ($1, $2) returning id', [
      username,
      options.sysadmin ?? false,
    ]),
  );
}

/** Inserts a project with its quota row and no member; returns its id. */
export async function seedProject(
  database: Database,
  name: string,
  options: { ownerId: number; isPublic?: boolean },
): Promise<number> {
  return insertedId(
    await database.query<{ id: number }>(
      `with made as (insert into projects (name, owner_id, is_public) values ($1, $2, $3) returning id)
       insert into quotas (project_id) select id from made returning project_id as id`,
      [name, options.ownerId, options.isPublic ?? false],
    ),
  );
}

/** Gives a user, or a group with type g, a role (by its wire id) in a project; returns the id of the membership. */
export async function seedMember(
  database: Database,
  projectId: number,
  entityId: number,
  roleId: number,
  entityType: 'u' | 'g' = 'u',
): Promise<number> {
  return insertedId(
    await database.query<{ id: number }>(
      `insert into project_members (project_id, entity_type, entity_id, role_id) values ($1, $4, $2, $3) returning id`,
      [projectId, entityId, roleId, entityType],
    ),
  );
}

/** Inserts a managed group without members; returns its id. */
export async function seedGroup(database: Database, name: string): Promise<number> {
  return insertedId(
    await database.query<{ id: number }>(
      'insert into user_groups (group_name, group_type, group_key) values ($1, 4, $1) returning id',
      [name],
    ),
  );
}

/** Puts a user into a group. */
export async function seedGroupMember(database: Database, groupId: number, userId: number): Promise<void> {
  await database.query('insert into user_group_members (group_id, user_id) values ($1, $2)', [groupId, userId]);
}

/** Inserts a repository that shows in lists; `name` is the full name. Returns its id. */
export async function seedRepository(database: Database, projectId: number, name: string): Promise<number> {
  return insertedId(
    await database.query<{ id: number }>(
      'insert into repositories (project_id, name, first_pushed_at, last_pushed_at) values ($1, $2, now(), now()) returning id',
      [projectId, name],
    ),
  );
}

function insertedId(rows: readonly { id: number }[]): number {
  const row = rows[0];
  if (!row) throw new Error('the insert returned no id');
  return row.id;
}
