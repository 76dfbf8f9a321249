import {
  type ProjectPermission,
  PUBLIC_PROJECT_PERMISSIONS,
  type Role,
  ROLE_IDS,
  ROLE_PERMISSIONS,
  type SystemPermission,
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
    return allow({ kind: 'system-admin', text: `${principal.username} is a system administrator.` });
  }
  if (holdsGrants(principal)) {
    const grant = principal.grants.find((candidate) => grantCovers(candidate, project.id, permission));
    if (grant) {
      const where = grant.projectId === null ? 'all projects' : `project ${project.name}`;
      return allow(grantReason(principal, permission, where));
    }
  }
  const reasons = bindings
    .filter((binding) => ROLE_PERMISSIONS[binding.role].has(permission))
    .map((binding) => roleReason(project, permission, binding));
  if (reasons.length > 0) return { allowed: true, reasons };
  if (project.isPublic && PUBLIC_PROJECT_PERMISSIONS.has(permission)) {
    return allow({ kind: 'public-project', text: `Project ${project.name} is public: everyone has ${permission}.` });
  }
  return {
    allowed: false,
    reasons: [{ kind: 'missing', text: missingText(principal, project, bindings, permission) }],
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
    return allow({ kind: 'system-admin', text: `${principal.username} is a system administrator.` });
  }
  if (
    holdsGrants(principal) &&
    principal.grants.some((grant) => grant.kind === 'system' && grant.permissions.has(permission))
  ) {
    return allow(grantReason(principal, permission, 'the system'));
  }
  return {
    allowed: false,
    reasons: [
      {
        kind: 'missing',
        text: `${permission} at system level needs a system administrator, or a system robot that holds it.`,
      },
    ],
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
  where: string,
): Reason {
  return kind === 'robot'
    ? { kind: 'robot-grant', text: `Robot ${username} holds ${permission} for ${where}.` }
    : { kind: 'federation-grant', text: `A trust rule gives job ${username} ${permission} for ${where}.` };
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
  const text = `The personal access token does not include ${permission} here; use one that does.`;
  return { allowed: false, reasons: [{ kind: 'token-scope', text }] };
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
  return {
    kind: binding.group === undefined ? 'role' : 'group-role',
    text: `Role ${roleText(binding)} in project ${project.name} includes ${permission}.`,
  };
}

function roleText({ role, group }: RoleBinding): string {
  return group === undefined ? role : `${role} (through group ${group})`;
}

function missingText(
  principal: Principal,
  project: ProjectRef,
  bindings: readonly RoleBinding[],
  permission: ProjectPermission,
): string {
  if (principal.kind === 'anonymous') return `${permission} in this project needs sign-in.`;
  if (principal.kind === 'robot')
    return `Robot ${principal.username} does not hold ${permission} for this project; ask its owner to add it.`;
  if (principal.kind === 'federated')
    return `No trust rule gives job ${principal.username} ${permission} for this project; ask a project admin to add it to one.`;
  if (bindings.length === 0)
    return `${principal.username} is not a member of project ${project.name}; ask a project admin to be added.`;
  const granting = (Object.keys(ROLE_PERMISSIONS) as Role[]).filter((role) => ROLE_PERMISSIONS[role].has(permission));
  return `Role ${bindings.map(roleText).join(', ')} does not include ${permission}; it needs ${granting.join(' or ') || 'a system administrator'}.`;
}

function allow(reason: Reason): AccessDecision {
  return { allowed: true, reasons: [reason] };
}
