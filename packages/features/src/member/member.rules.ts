import {
  AppError,
  type BodyOf,
  type createProjectMember,
  ROBOT_PROJECT_PERMISSIONS,
  ROLE_IDS,
  ROLE_PERMISSIONS,
} from '@moorage/contracts';
import { grantCovers, grantsOf, holdsGrants, roleOf } from '../access/index.ts';
import type { GroupReference } from '../group/index.ts';
import type { Principal, ProjectRef } from '../http/index.ts';

/** Whom a member is made of. */
export type MemberSubject =
  | { readonly userId: number }
  | { readonly username: string; readonly sourceId?: number }
  | { readonly group: GroupReference };

/** Reads who is to become a member. Throws BAD_REQUEST when nobody is named. */
export function subjectOf(body: BodyOf<typeof createProjectMember>): MemberSubject {
  const { member_user: user, member_group: group } = body;
  if (user?.user_id) return { userId: user.user_id };
  if (user?.username) {
    return { username: user.username, ...(user.source_id === undefined ? {} : { sourceId: user.source_id }) };
  }
  if (group?.id || group?.group_name || group?.ldap_group_dn) return { group };
  throw new AppError('BAD_REQUEST', 'member_user: name a user by user_id or username, or a group with member_group.');
}

const ROBOT_PERMISSIONS: ReadonlySet<string> = new Set(
  Object.entries(ROBOT_PROJECT_PERMISSIONS).flatMap(([resource, actions]) =>
    actions.map((action) => `${resource}:${action}`),
  ),
);

/**
 * Why somebody may not give a role; null when he may. Robots, jobs and narrowed tokens make nobody more than they are
 * themselves (S49, S52): they must hold what the role holds, robots and jobs as far as those can hold it at all.
 */
export function roleObstacle(principal: Principal, project: ProjectRef, roleId: number): string | null {
  const role = roleOf(roleId);
  const grants = grantsOf(principal);
  if (role === null || grants === null) return null;
  const lacking = [...ROLE_PERMISSIONS[role]].filter(
    (permission) =>
      (!holdsGrants(principal) || ROBOT_PERMISSIONS.has(permission)) &&
      !grants.some((grant) => grantCovers(grant, project.id, permission)),
  );
  if (lacking.length === 0) return null;
  return `role_id: you can only give a role whose permissions you hold yourself; you lack ${lacking.join(', ')}.`;
}

/**
 * Why a membership may not change its role or end; null when it may. A project keeps one admin, so that it is not
 * locked by accident; system administrators may take the last one, since they can also put it back (S52).
 */
export function lastAdminObstacle(
  adminIds: readonly number[],
  memberId: number,
  nextRoleId: number | null,
  isSysadmin: boolean,
): string | null {
  if (isSysadmin || nextRoleId === ROLE_IDS.projectAdmin) return null;
  if (adminIds.length !== 1 || adminIds[0] !== memberId) return null;
  return 'This is the only admin of the project; make another member project admin first.';
}
