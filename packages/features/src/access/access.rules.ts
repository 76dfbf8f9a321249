import {
  ACCESS_REASON_TEXTS,
  type ProjectPermission,
  PUBLIC_PROJECT_PERMISSIONS,
  type Role,
  ROLE_IDS,
  ROLE_PERMISSIONS,
  type SystemPermission,
  tell,
} from '@moorage/contracts';
import type {
  FederatedPrincipal,
  Principal,
  ProjectRef,
  RobotGrant,
  RobotPrincipal,
  UserPrincipal,
} from '../http/index.ts';

/** Why an answer is what it is; shown by the explain endpoint and in refusals. */
export interface Reason {
  readonly kind:
    | 'system-admin'
    | 'role'
    | 'group-role'
    | 'public-project'
    | 'robot-grant'
    | 'federation-grant'
    | 'token-scope'
    | 'missing';
  readonly code: string;
  readonly values: Record<string, string>;
  readonly text: string;
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
}

/** How a principal came to a role in a project. */
export interface RoleBinding {
  readonly role: Role;
  /** Name of the group the role comes through; absent when it is the user's own. */
  readonly group?: string;
}

/** Harbor's role id as a role name; null for an unknown id. */
export function roleOf(id: number): Role | null {
  return (Object.keys(ROLE_IDS) as Role[]).find((role) => ROLE_IDS[role] === id) ?? null;
}

/** Decides one project permission from the facts and says why (RBAC-1 to RBAC-3, ROB-3). */
export function decideInProject(
  principal: Principal,
  project: ProjectRef,
  bindings: readonly RoleBinding[],
  permission: ProjectPermission,
): AccessDecision {
  if (principal.kind === 'user' && principal.narrowed) {
    const isCovered = principal.narrowed.grants.some((grant) => grantCovers(grant, project.id, permission));
    return isCovered ? decideInProject(widened(principal), project, bindings, permission) : beyondToken(permission);
  }
  if (principal.kind === 'user' && principal.isSysadmin) {
    return allow(reason('system-admin', 'system-admin', { name: principal.username }));
  }
  if (holdsGrants(principal)) {
    const grant = principal.grants.find((candidate) => grantCovers(candidate, project.id, permission));
    if (grant) {
      return allow(grantReason(principal, permission, grant.projectId === null ? 'projects' : project));
    }
  }
  const reasons = bindings
    .filter((binding) => ROLE_PERMISSIONS[binding.role].has(permission))
    .map((binding) => roleReason(project, permission, binding));
  if (reasons.length > 0) return { allowed: true, reasons };
  if (project.isPublic && PUBLIC_PROJECT_PERMISSIONS.has(permission)) {
    return allow(reason('public-project', 'public-project', { project: project.name, permission }));
  }
  return {
    allowed: false,
    reasons: [missingReason(principal, project, bindings, permission)],
  };
}

/** Decides one system permission. Users need to be system administrators; robots need a system grant. */
export function decideInSystem(principal: Principal, permission: SystemPermission): AccessDecision {
  if (principal.kind === 'user' && principal.narrowed) {
    return tokenCoversInSystem(principal, permission)
      ? decideInSystem(widened(principal), permission)
      : beyondToken(permission);
  }
  if (principal.kind === 'user' && principal.isSysadmin) {
    return allow(reason('system-admin', 'system-admin', { name: principal.username }));
  }
  if (
    holdsGrants(principal) &&
    principal.grants.some((grant) => grant.kind === 'system' && grant.permissions.has(permission))
  ) {
    return allow(grantReason(principal, permission, 'system'));
  }
  return {
    allowed: false,
    reasons: [reason('missing', 'missing-system', { permission })],
  };
}

/** Whether rights come from grants instead of roles. */
export function holdsGrants(principal: Principal): principal is RobotPrincipal | FederatedPrincipal {
  return principal.kind === 'robot' || principal.kind === 'federated';
}

/** The grants that bound what a principal may do; null for users who act with all their rights, and for nobody. */
export function grantsOf(principal: Principal): readonly RobotGrant[] | null {
  if (holdsGrants(principal)) return principal.grants;
  return principal.kind === 'user' ? (principal.narrowed?.grants ?? null) : null;
}

function grantReason(
  { kind, username }: RobotPrincipal | FederatedPrincipal,
  permission: string,
  where: ProjectRef | 'projects' | 'system',
): Reason {
  const is = kind === 'robot' ? 'robot-grant' : 'federation-grant';
  return typeof where === 'string'
    ? reason(is, `${is}-${where}`, { name: username, permission })
    : reason(is, `${is}-project`, { name: username, permission, project: where.name });
}

/** The user behind a restricted credential, with all his rights. */
export function widened({ narrowed, ...user }: UserPrincipal): UserPrincipal {
  return narrowed ? { ...user, isSysadmin: narrowed.isSysadmin } : user;
}

/** Whether the credential a principal acts through leaves a system permission standing, if he has it. */
export function tokenCoversInSystem(principal: Principal, permission: SystemPermission): boolean {
  if (principal.kind !== 'user' || !principal.narrowed) return true;
  return principal.narrowed.grants.some((grant) => grant.kind === 'system' && grant.permissions.has(permission));
}

function beyondToken(permission: string): AccessDecision {
  return { allowed: false, reasons: [reason('token-scope', 'token-scope', { permission })] };
}

/** Whether one robot grant covers a permission in a project. Push implies pull (ROB-4). */
export function grantCovers(grant: RobotGrant, projectId: number, permission: ProjectPermission): boolean {
  return (
    grant.kind === 'project' && (grant.projectId === null || grant.projectId === projectId) && holds(grant, permission)
  );
}

/** Whether a robot holds a permission in every project, also in future ones. */
export function grantCoversEveryProject(grants: readonly RobotGrant[], permission: ProjectPermission): boolean {
  return grants.some((grant) => grant.kind === 'project' && grant.projectId === null && holds(grant, permission));
}

/** Ids of the projects in which a robot holds a permission by a grant for that project. */
export function projectsCovered(grants: readonly RobotGrant[], permission: ProjectPermission): number[] {
  return grants.flatMap((grant) =>
    grant.kind === 'project' && grant.projectId !== null && holds(grant, permission) ? [grant.projectId] : [],
  );
}

function holds(grant: RobotGrant, permission: ProjectPermission): boolean {
  return (
    grant.permissions.has(permission) || (permission === 'repository:pull' && grant.permissions.has('repository:push'))
  );
}

/** Every permission the facts give in a project; what the portal and `users/current/permissions` show. */
export function permissionsInProject(
  principal: Principal,
  project: ProjectRef,
  bindings: readonly RoleBinding[],
  all: readonly ProjectPermission[],
): ProjectPermission[] {
  return all.filter((permission) => decideInProject(principal, project, bindings, permission).allowed);
}

function roleReason(project: ProjectRef, permission: ProjectPermission, binding: RoleBinding): Reason {
  const values = { role: binding.role, project: project.name, permission };
  return binding.group === undefined
    ? reason('role', 'role', values)
    : reason('group-role', 'group-role', { ...values, group: binding.group });
}

function roleText({ role, group }: RoleBinding): string {
  return group === undefined ? role : `${role} (through group ${group})`;
}

function missingReason(
  principal: Principal,
  project: ProjectRef,
  bindings: readonly RoleBinding[],
  permission: ProjectPermission,
): Reason {
  if (principal.kind === 'anonymous') return reason('missing', 'missing-sign-in', { permission });
  const name = principal.username;
  if (principal.kind === 'robot') return reason('missing', 'missing-robot', { name, permission });
  if (principal.kind === 'federated') return reason('missing', 'missing-job', { name, permission });
  if (bindings.length === 0) return reason('missing', 'missing-member', { name, project: project.name });
  const granting = (Object.keys(ROLE_PERMISSIONS) as Role[]).filter((role) => ROLE_PERMISSIONS[role].has(permission));
  const roles = bindings.map(roleText).join(', ');
  return granting.length === 0
    ? reason('missing', 'missing-role-administrator', { roles, permission })
    : reason('missing', 'missing-role', { roles, permission, needed: granting.join(' or ') });
}

function reason(
  kind: Reason['kind'],
  code: keyof typeof ACCESS_REASON_TEXTS,
  values: Readonly<Record<string, string>>,
): Reason {
  return { kind, ...tell(ACCESS_REASON_TEXTS, code, values) };
}

function allow(reason: Reason): AccessDecision {
  return { allowed: true, reasons: [reason] };
}
