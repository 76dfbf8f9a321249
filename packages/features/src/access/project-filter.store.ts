import {
  type ProjectPermission,
  PUBLIC_PROJECT_PERMISSIONS,
  type Role,
  ROLE_IDS,
  ROLE_PERMISSIONS,
} from '@moorage/contracts';
import { anyOf, type Statement, sql } from '@moorage/database';
import type { Principal } from '../http/index.ts';
import { grantCoversEveryProject, holdsGrants, projectsCovered, widened } from './access.rules.ts';
import { membershipsOf } from './membership.store.ts';

/**
 * The projects in which a principal holds a permission, as a condition over the table alias `p`: what
 * `decideInProject` says of one project, for lists, searches and counts (S54). Both change together.
 */
export function projectFilter(principal: Principal, permission: ProjectPermission): Statement {
  if (principal.kind === 'user' && principal.narrowed) {
    const { grants } = principal.narrowed;
    const own = projectFilter(widened(principal), permission);
    if (grantCoversEveryProject(grants, permission)) return own;
    return sql`(p.id = any(${projectsCovered(grants, permission)}::int[]) and (${own}))`;
  }
  if (principal.kind === 'user' && principal.isSysadmin) return sql`true`;
  const ways: Statement[] = [];
  if (PUBLIC_PROJECT_PERMISSIONS.has(permission)) ways.push(sql`p.is_public`);
  if (principal.kind === 'user') {
    const roles = (Object.keys(ROLE_PERMISSIONS) as Role[])
      .filter((role) => ROLE_PERMISSIONS[role].has(permission))
      .map((role) => ROLE_IDS[role]);
    ways.push(
      sql`p.id in (select fm.project_id from ${membershipsOf(principal.id)} fm where fm.role_id = any(${roles}::int[]))`,
    );
  }
  if (holdsGrants(principal)) {
    if (grantCoversEveryProject(principal.grants, permission)) return sql`true`;
    ways.push(sql`p.id = any(${projectsCovered(principal.grants, permission)}::int[])`);
  }
  return anyOf(ways);
}
