import type { RobotGrant, RobotPrincipal } from '../http/index.ts';

/** A grant as stored: permissions as `resource:action`. */
export interface StoredGrant {
  readonly kind: 'system' | 'project';
  readonly project_id: number | null;
  readonly access: readonly string[];
}

/** What a robot's identity rests on. */
export interface RobotCredential {
  readonly id: number;
  readonly name: string;
  /** Null for a system robot. */
  readonly projectId: number | null;
  readonly projectName: string | null;
  readonly secretHash: Buffer;
  readonly previousSecretHash: Buffer | null;
  readonly previousSecretUntil: Date | null;
  readonly isDisabled: boolean;
  readonly expiresAt: Date | null;
  readonly credentialVersion: number;
  readonly allowedAddresses: readonly string[];
  readonly grants: readonly StoredGrant[];
}

/** Where a login name points: a system robot, or a robot of a project. */
export interface RobotLogin {
  readonly projectName: string | null;
  readonly name: string;
}

/** `robot$name` or `robot$project+name` (TOK-13). */
export function fullRobotName(prefix: string, projectName: string | null, name: string): string {
  return projectName === null ? prefix + name : `${prefix}${projectName}+${name}`;
}

/** Reads a full robot name; null when it does not begin with the prefix. */
export function parseRobotName(prefix: string, login: string): RobotLogin | null {
  if (!login.startsWith(prefix)) return null;
  const rest = login.slice(prefix.length);
  const plus = rest.indexOf('+');
  return plus < 0
    ? { projectName: null, name: rest }
    : { projectName: rest.slice(0, plus), name: rest.slice(plus + 1) };
}

/** Whether a robot may act at all now. */
export function isRobotActive(robot: Pick<RobotCredential, 'isDisabled' | 'expiresAt'>, now: Date): boolean {
  return !robot.isDisabled && (robot.expiresAt === null || robot.expiresAt > now);
}

/** The robot as access decisions see it. */
export function robotPrincipal(prefix: string, robot: RobotCredential): RobotPrincipal {
  const grants: RobotGrant[] = robot.grants.map((grant) => ({
    kind: grant.kind,
    projectId: grant.project_id,
    permissions: new Set(grant.access),
  }));
  return {
    kind: 'robot',
    id: robot.id,
    username: fullRobotName(prefix, robot.projectName, robot.name),
    projectId: robot.projectId,
    grants,
    allowedAddresses: robot.allowedAddresses,
  };
}
