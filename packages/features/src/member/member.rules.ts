import { AppError, type BodyOf, type createProjectMember, ROLE_IDS } from '@moorage/contracts';
import type { GroupReference } from '../group/index.ts';

/** Whom a member is made of. */
export type MemberSubject =
  | { readonly userId: number }
  | { readonly username: string }
  | { readonly group: GroupReference };

/** Reads who is to become a member. Throws BAD_REQUEST when nobody is named. */
export function subjectOf(body: BodyOf<typeof createProjectMember>): MemberSubject {
  const { member_user: user, member_group: group } = body;
  if (user?.user_id) return { userId: user.user_id };
  if (user?.username) return { username: user.username };
  if (group?.id || group?.group_name || group?.ldap_group_dn) return { group };
  throw new AppError('BAD_REQUEST', 'member_user: name a user by user_id or username, or a group with member_group.');
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
