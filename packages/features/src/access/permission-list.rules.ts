import {
  AppError,
  type Permission,
  PROJECT_ACTIONS,
  type ProjectPermission,
  SYSTEM_ACTIONS,
  type SystemPermission,
} from '@moorage/contracts';

export const ALL_PROJECT_PERMISSIONS = pairsOf(PROJECT_ACTIONS) as readonly ProjectPermission[];
export const ALL_SYSTEM_PERMISSIONS = pairsOf(SYSTEM_ACTIONS) as readonly SystemPermission[];

/** What a permission list is about. */
export type PermissionScope = { readonly kind: 'system' } | { readonly kind: 'project'; readonly projectId: string };

/** Reads the scope of `GET /users/current/permissions`: `/project/7`, or the system. Throws BAD_REQUEST for anything else. */
export function readPermissionScope(text: string | undefined): PermissionScope {
  if (text === undefined || text === '/' || text === '/system') return { kind: 'system' };
  const match = /^\/project\/([1-9][0-9]{0,8})\/?$/.exec(text);
  if (!match) throw new AppError('BAD_REQUEST', 'scope: write /project/ and the id of a project, or leave it out.');
  return { kind: 'project', projectId: match[1] ?? '' };
}

/**
 * Permissions as Harbor's clients read them: resources below the scope, and the scope itself as `.` when relative. The
 * project itself is told under its own name too, so that a resource and an action make one of our permissions.
 */
export function listedPermissions(scope: string, permissions: readonly string[], isRelative: boolean): Permission[] {
  return permissions.flatMap((permission) => {
    const [resource = '', action = ''] = permission.split(':', 2);
    if (!isRelative) return [{ resource: resource === 'project' ? scope : `${scope}/${resource}`, action }];
    return resource === 'project'
      ? [
          { resource: '.', action },
          { resource, action },
        ]
      : [{ resource, action }];
  });
}

/** Whether a text is a permission inside projects. */
export function isProjectPermission(text: string): text is ProjectPermission {
  return (ALL_PROJECT_PERMISSIONS as readonly string[]).includes(text);
}

/** Whether a text is a permission at system level. */
export function isSystemPermission(text: string): text is SystemPermission {
  return (ALL_SYSTEM_PERMISSIONS as readonly string[]).includes(text);
}

function pairsOf(table: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(table).flatMap(([resource, actions]) => actions.map((action) => `${resource}:${action}`));
}
