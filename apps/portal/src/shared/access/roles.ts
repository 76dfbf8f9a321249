import { ROLE_IDS, ROLES_BY_STRENGTH, type Role } from '@moorage/contracts';

/** Roles from strongest to weakest, as pickers offer them. */
export const ROLES: readonly Role[] = ROLES_BY_STRENGTH.toReversed();

/** The role behind an id of the wire; null for none or an unknown one. */
export function roleOf(id: number | undefined): Role | null {
  return ROLES.find((role) => ROLE_IDS[role] === id) ?? null;
}
