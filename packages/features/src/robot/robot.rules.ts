import {
  AppError,
  MAX_ID,
  type ProjectPermission,
  type Robot,
  type Settings,
  type SystemPermission,
} from '@moorage/contracts';
import { auditEntry } from '../audit/index.ts';
import type { Caller, Condition, ListRequest } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { type AskedGrant, EVERY_PROJECT, expiresSoon } from './robot-grant.rules.ts';
import { fullRobotName } from './robot-identity.rules.ts';

/** A grant as it is shown: with the project's name. */
export interface NamedGrant {
  readonly kind: 'system' | 'project';
  /** Null with kind project: every project. */
  readonly projectName: string | null;
  readonly access: readonly string[];
}

/** A grant that was asked for, as it is shown. */
export function namedGrant(grant: AskedGrant): NamedGrant {
  return {
    kind: grant.kind,
    projectName: grant.kind === 'project' ? grant.projectName : null,
    access: grant.permissions,
  };
}

/** A stored grant as one that is asked for again. */
export function askedAgain({ kind, projectName, access }: NamedGrant): AskedGrant {
  return kind === 'system'
    ? { kind, permissions: access as readonly SystemPermission[] }
    : { kind, projectName, permissions: access as readonly ProjectPermission[] };
}

/** A robot as stored, without its secret. */
export interface RobotRow {
  readonly id: number;
  /** Null for a system robot. */
  readonly projectId: number | null;
  readonly projectName: string | null;
  readonly name: string;
  readonly description: string;
  readonly durationDays: number;
  readonly expiresAt: Date | null;
  readonly isDisabled: boolean;
  readonly creatorType: string;
  readonly creatorId: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
  readonly previousSecretUntil: Date | null;
  readonly allowedAddresses: readonly string[];
  readonly grants: readonly NamedGrant[];
}

/** Seconds since 1970, -1 for never. */
export function expirySeconds(expiresAt: Date | null): number {
  return expiresAt === null ? -1 : Math.floor(expiresAt.getTime() / 1000);
}

/** What of the settings shows in answers. */
type AnswerSettings = Pick<Settings, 'robot_name_prefix' | 'robot_expiry_reminder_days'>;

/** A robot on the wire. */
export function robotAnswer(settings: AnswerSettings, robot: RobotRow, now: Date): Robot {
  const overlap = robot.previousSecretUntil;
  return {
    id: robot.id,
    name: fullRobotName(settings.robot_name_prefix, robot.projectName, robot.name),
    description: robot.description,
    level: robot.projectId === null ? 'system' : 'project',
    duration: robot.durationDays,
    editable: true,
    disable: robot.isDisabled,
    expires_at: expirySeconds(robot.expiresAt),
    permissions: robot.grants.map((grant) => ({
      kind: grant.kind,
      namespace: grant.kind === 'system' ? '/' : (grant.projectName ?? EVERY_PROJECT),
      access: grant.access.map((permission) => {
        const [resource = '', action = ''] = permission.split(':', 2);
        return { resource, action, effect: 'allow' };
      }),
    })),
    creator_type: robot.creatorType,
    creator_ref: robot.creatorId,
    creation_time: robot.createdAt.toISOString(),
    update_time: robot.updatedAt.toISOString(),
    allowed_addresses: [...robot.allowedAddresses],
    expired: robot.expiresAt !== null && robot.expiresAt <= now,
    expires_soon: expiresSoon(robot.expiresAt, settings.robot_expiry_reminder_days, now),
    ...(robot.lastUsedAt === null ? {} : { last_used_at: robot.lastUsedAt.toISOString() }),
    ...(robot.lastUsedAddress === null ? {} : { last_used_address: robot.lastUsedAddress }),
    ...(overlap === null || overlap <= now ? {} : { previous_secret_until: overlap.toISOString() }),
  };
}

/** What of a robot decides whether somebody with its secret can use it. */
type Reach = Pick<RobotRow, 'isDisabled' | 'expiresAt' | 'allowedAddresses'>;

/** Whether a change opens the rights of a robot anew: enables it, lets it live longer, or lets it in from elsewhere. */
export function opensRights(current: Reach, next: Reach): boolean {
  const endOf = ({ expiresAt }: Reach) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const hadList = current.allowedAddresses.length > 0;
  const isFurther =
    next.allowedAddresses.length === 0 ||
    next.allowedAddresses.some((address) => !current.allowedAddresses.includes(address));
  return (current.isDisabled && !next.isDisabled) || endOf(next) > endOf(current) || (hadList && isFurther);
}

/** What audit rows show of a robot. */
export function auditedRobot(
  robot: Pick<RobotRow, 'description' | 'durationDays' | 'isDisabled' | 'grants' | 'allowedAddresses'>,
): object {
  return {
    description: robot.description,
    duration: robot.durationDays,
    disable: robot.isDisabled,
    allowed_addresses: robot.allowedAddresses,
    permissions: robot.grants.map((grant) => ({
      kind: grant.kind,
      namespace: grant.kind === 'system' ? '/' : (grant.projectName ?? EVERY_PROJECT),
      access: grant.access,
    })),
  };
}

/** Tells of a change of a robot, whose full name is `name`. */
export function robotEvent(
  event: 'robot.created' | 'robot.updated' | 'robot.secret-changed' | 'robot.deleted',
  caller: Caller,
  robot: { readonly id: number; readonly projectId: number | null; readonly name: string },
  change: { readonly operation: string; readonly before?: object; readonly after?: object; readonly status?: number },
): DomainEvent {
  return {
    name: event,
    projectId: robot.projectId,
    data: { robotId: robot.id, name: robot.name },
    audit: auditEntry(caller, { resourceType: 'robot', resource: robot.name, ...change }),
  };
}

/** Whose robots a list is about: a project's, or the system's; and the conditions left after that. */
export interface RobotScope {
  readonly projectId: number | null;
  readonly request: ListRequest;
}

/** Reads `Level` and `ProjectID` out of a list request. Throws BAD_REQUEST when they do not name one scope. */
export function readScope(request: ListRequest): RobotScope {
  const scopeKeys = new Set(['Level', 'ProjectID']);
  const level = single(request, 'Level');
  const projectId = single(request, 'ProjectID');
  const isProject = level === 'project' || (level === undefined && projectId !== undefined && projectId !== '0');
  if (level !== undefined && level !== 'project' && level !== 'system') {
    throw new AppError('BAD_REQUEST', 'q: Level must be system or project.');
  }
  if (isProject && (projectId === undefined || Number(projectId) < 1)) {
    throw new AppError('BAD_REQUEST', 'q: Level=project needs ProjectID too, for example q=Level=project,ProjectID=1.');
  }
  const conditions = request.conditions.filter((condition) => !scopeKeys.has(condition.key));
  // A larger number is an id that no project has either, but one the database cannot compare.
  return { projectId: isProject ? Math.min(Number(projectId), MAX_ID) : null, request: { ...request, conditions } };
}

function single(request: ListRequest, key: string): string | undefined {
  const found: Condition[] = request.conditions.filter((condition) => condition.key === key);
  const [condition] = found;
  if (condition === undefined) return undefined;
  if (found.length > 1 || condition.op !== 'equals')
    throw new AppError('BAD_REQUEST', `q: give ${key} once, as ${key}=value.`);
  return condition.value;
}
