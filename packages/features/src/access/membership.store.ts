import { type Statement, sql } from '@moorage/database';

/**
 * The memberships of projects that count for a user, his own and those of his groups (RBAC-2), as a table with
 * project_id, role_id and group_id (null for his own).
 */
export function membershipsOf(userId: number): Statement {
  return sql`(
    select um.project_id, um.role_id, null::int as group_id from project_members um
    where um.entity_type = 'u' and um.entity_id = ${userId}
    union all
    select gm.project_id, gm.role_id, gm.entity_id from user_group_members mine
    join project_members gm on gm.entity_type = 'g' and gm.entity_id = mine.group_id
    where mine.user_id = ${userId})`;
}
