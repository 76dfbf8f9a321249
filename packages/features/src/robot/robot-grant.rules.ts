import {
  AppError,
  type ProjectPermission,
  ROBOT_PROJECT_PERMISSIONS,
  ROBOT_SYSTEM_PERMISSIONS,
  type RobotPermission,
  type SystemPermission,
} from '@moorage/contracts';

/** Namespace of every project, also of future ones. */
export const EVERY_PROJECT = '*';
const SYSTEM_NAMESPACE = '/';

/** A permission entry of a robot after validation; the project still by name. */
export type AskedGrant =
  | { readonly kind: 'system'; readonly permissions: readonly SystemPermission[] }
  | {
      readonly kind: 'project';
      /** Null for every project. */
      readonly projectName: string | null;
      readonly permissions: readonly ProjectPermission[];
    };

const ALLOWED = {
  system: permissionSet(ROBOT_SYSTEM_PERMISSIONS),
  project: permissionSet(ROBOT_PROJECT_PERMISSIONS),
} as const;

/**
 * Reads the permissions of a robot (ROB-1 to ROB-4): entries for one namespace become one, sorted. Throws BAD_REQUEST for
 * what robots cannot hold, for entries without access, and for a project robot that names anything but its one project.
 */
export function readGrants(level: 'system' | 'project', entries: readonly RobotPermission[]): AskedGrant[] {
  const grants = new Map<string, AskedGrant>();
  for (const entry of entries) {
    const key = `${entry.kind} ${entry.namespace}`;
    grants.set(key, readGrant(entry, grants.get(key)));
  }
  const all = [...grants.values()];
  if (all.length === 0) throw refused('name at least one permission');
  const [only] = all;
  if (level === 'project' && (all.length !== 1 || only?.kind !== 'project' || only.projectName === null)) {
    throw refused('a project robot holds permissions of kind project for its own project only; make it a system robot');
  }
  return all;
}

function readGrant(entry: RobotPermission, former: AskedGrant | undefined): AskedGrant {
  const { kind, namespace } = entry;
  if ((kind === 'system') !== (namespace === SYSTEM_NAMESPACE)) {
    throw refused(
      `kind system goes with the namespace ${SYSTEM_NAMESPACE}, kind project with a project or ${EVERY_PROJECT}`,
    );
  }
  if (entry.access.length === 0) throw refused(`name at least one access for ${namespace}`);
  const asked = entry.access.map(({ resource, action }) => `${resource}:${action}`);
  const unknown = asked.find((permission) => !ALLOWED[kind].has(permission));
  if (unknown !== undefined) {
    throw refused(`${JSON.stringify(unknown)} is nothing a robot can hold at kind ${kind}; see GET /permissions`);
  }
  const permissions = [...new Set([...(former?.permissions ?? []), ...asked])].sort();
  return kind === 'system'
    ? { kind, permissions: permissions as SystemPermission[] }
    : {
        kind,
        projectName: namespace === EVERY_PROJECT ? null : namespace,
        permissions: permissions as ProjectPermission[],
      };
}

/**
 * The permission whose holder may hand this one on. Roles know no listing of metadata apart from reading it; robots may
 * hold it by itself.
 */
export function delegatedBy(permission: ProjectPermission): ProjectPermission {
  return permission === 'metadata:list' ? 'metadata:read' : permission;
}

/** How long a robot may live under the policy; null when the asked life is within it, else the reason to refuse. */
export function refuseDuration(days: number, maxDays: number): string | null {
  if (maxDays === -1 || (days !== -1 && days <= maxDays)) return null;
  return `duration: robots live at most ${maxDays} days here; choose 1 to ${maxDays}.`;
}

/** When a robot that was made at `createdAt` expires; null for never. A later change counts from then too (ROB-5). */
export function expiryOf(createdAt: Date, days: number): Date | null {
  if (days === -1) return null;
  const at = createdAt.getTime() + days * 24 * 3600 * 1000;
  // Beyond the year 9999, which neither the database nor clients take, it is as good as never.
  return at < Date.UTC(9999, 0) ? new Date(at) : null;
}

/** Whether a robot is shown as about to expire: within the time of the reminder, and not over yet. */
export function expiresSoon(expiresAt: Date | null, reminderDays: number, now: Date): boolean {
  return expiresAt !== null && expiresAt > now && expiresAt <= reminderUntil(reminderDays, now);
}

/** Robots that expire until then are announced now. */
export function reminderUntil(reminderDays: number, now: Date): Date {
  return new Date(now.getTime() + reminderDays * 24 * 3600 * 1000);
}

function permissionSet(table: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  return new Set(
    Object.entries(table).flatMap(([resource, actions]) => actions.map((action) => `${resource}:${action}`)),
  );
}

function refused(reason: string): AppError {
  return new AppError('BAD_REQUEST', `permissions: ${reason}.`);
}
