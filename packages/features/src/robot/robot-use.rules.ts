import type { RobotPermissionUses } from '@moorage/contracts';
import { EVERY_PROJECT } from './robot-grant.rules.ts';
import type { NamedGrant } from './robot.rules.ts';

/** Where a permission was used: in a project, at system level, or in an object whose project the caller of the note does not know. */
export const SYSTEM_LEVEL = 0;
export const SOMEWHERE = -1;

/** A use as stored. */
export interface StoredUse {
  readonly projectId: number;
  /** Null at system level, somewhere, and in a project that is gone. */
  readonly projectName: string | null;
  readonly permission: string;
  readonly lastUsedAt: Date;
}

/** Every permission a robot holds, with its last use; those never used have none. */
export function permissionUses(
  grants: readonly NamedGrant[],
  uses: readonly StoredUse[],
): RobotPermissionUses['permissions'] {
  return grants.flatMap((grant) =>
    grant.access.map((permission) => {
      const [resource = '', action = ''] = permission.split(':', 2);
      const last = lastUse(grant, permission, uses);
      return {
        kind: grant.kind,
        namespace: grant.kind === 'system' ? '/' : (grant.projectName ?? EVERY_PROJECT),
        resource,
        action,
        ...(last === null ? {} : { last_used_at: last.toISOString() }),
      };
    }),
  );
}

function lastUse(grant: NamedGrant, permission: string, uses: readonly StoredUse[]): Date | null {
  const times = uses
    .filter((use) => use.permission === permission && isWithin(grant, use))
    .map((use) => use.lastUsedAt.getTime());
  return times.length === 0 ? null : new Date(Math.max(...times));
}

function isWithin(grant: NamedGrant, use: StoredUse): boolean {
  if (use.projectId === SOMEWHERE) return true;
  if (grant.kind === 'system') return use.projectId === SYSTEM_LEVEL;
  if (use.projectId === SYSTEM_LEVEL) return false;
  return grant.projectName === null || grant.projectName === use.projectName;
}
