import {
  AppError,
  type PersonalToken,
  PROJECT_ACTIONS,
  type ProjectPermission,
  type RobotPermission,
  SYSTEM_ACTIONS,
} from '@moorage/contracts';
import { auditEntry } from '../audit/index.ts';
import type { Caller, RobotGrant, UserPrincipal } from '../http/index.ts';
import type { Identity } from '../login/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import type { UserRow } from '../user/index.ts';

/** Namespace of every project, also of future ones. */
const EVERY_PROJECT = '*';
const SYSTEM_NAMESPACE = '/';
const DAY_MS = 24 * 3600 * 1000;
const DEFAULT_DAYS = 30;
const LAST_YEAR = Date.UTC(9999, 0);

/** A grant as stored. */
export interface TokenGrant {
  readonly kind: 'system' | 'project';
  /** Null with kind project: every project. */
  readonly projectId: number | null;
  /** For answers; null like the id. */
  readonly projectName: string | null;
  readonly access: readonly string[];
}

/** A personal token as stored, without its hash. */
export interface PersonalTokenRow {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly description: string;
  /** Null: whatever the user may do. */
  readonly grants: readonly TokenGrant[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
}

/** What a token is asked to be good for; the project still by name. */
export interface AskedGrant {
  readonly kind: 'system' | 'project';
  /** Null for the system, and for every project. */
  readonly projectName: string | null;
  readonly access: readonly ProjectPermission[];
}

const KNOWN = { system: pairsOf(SYSTEM_ACTIONS), project: pairsOf(PROJECT_ACTIONS) } as const;

/** Reads the permissions of a token: entries for one namespace become one, sorted. Throws BAD_REQUEST for what does not exist. */
export function readGrants(entries: readonly RobotPermission[]): AskedGrant[] {
  const grants = new Map<string, AskedGrant>();
  for (const { kind, namespace, access } of entries) {
    if ((kind === 'system') !== (namespace === SYSTEM_NAMESPACE)) {
      throw refused(`kind system goes with ${SYSTEM_NAMESPACE}, kind project with a project or ${EVERY_PROJECT}`);
    }
    if (access.length === 0) throw refused(`name at least one access for ${namespace}`);
    const asked = access.map(({ resource, action }) => `${resource}:${action}`);
    const unknown = asked.find((permission) => !KNOWN[kind].has(permission));
    if (unknown !== undefined) throw refused(`${JSON.stringify(unknown)} does not exist at kind ${kind}`);
    const key = `${kind} ${namespace}`;
    const all = [...new Set([...(grants.get(key)?.access ?? []), ...asked])].sort() as ProjectPermission[];
    const isNamed = kind === 'project' && namespace !== EVERY_PROJECT;
    grants.set(key, { kind, projectName: isNamed ? namespace : null, access: all });
  }
  return [...grants.values()];
}

/** Days a new token lives. Throws DENIED when the policy does not allow as long. */
export function lifeOf(asked: number | undefined, maxDays: number): number {
  if (asked === undefined) return maxDays === -1 ? DEFAULT_DAYS : Math.min(DEFAULT_DAYS, maxDays);
  if (maxDays === -1 || (asked !== -1 && asked <= maxDays)) return asked;
  throw new AppError('DENIED', `duration: personal tokens live at most ${maxDays} days here; choose 1 to ${maxDays}.`);
}

/** When a token made then expires; null for never. */
export function expiryOf(createdAt: Date, days: number): Date | null {
  const at = createdAt.getTime() + days * DAY_MS;
  return days === -1 || at >= LAST_YEAR ? null : new Date(at);
}

/** The user as he acts through a token. */
export function tokenIdentity(user: UserRow, token: Pick<PersonalTokenRow, 'id' | 'grants'>): Identity {
  const subject = { kind: 'personal-token', id: token.id } as const;
  const { id, username, credentialVersion } = user;
  const vouchedAt = user.hasPassword ? null : user.vouchedAt;
  const isSysadmin = user.isSysadmin || user.isSysadminBySource;
  const principal: UserPrincipal = { kind: 'user', id, username, isSysadmin };
  if (token.grants === null) return { principal, subject, credentialVersion, vouchedAt };
  const grants: RobotGrant[] = token.grants.map((grant) => ({
    kind: grant.kind,
    projectId: grant.projectId,
    permissions: new Set(grant.access),
  }));
  const narrowed = { ...principal, isSysadmin: false, narrowed: { isSysadmin, grants } };
  return { principal: narrowed, subject, credentialVersion, vouchedAt };
}

/** Whether the name sent beside a token is its user's; Bearer sends none. */
export function isNameOf(user: Pick<UserRow, 'username' | 'email'>, name: string): boolean {
  const given = name.toLowerCase();
  return given === '' || given === user.username.toLowerCase() || given === user.email.toLowerCase();
}

/** A token on the wire. */
export function tokenAnswer(row: PersonalTokenRow, now: Date): PersonalToken {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    permissions:
      row.grants &&
      row.grants.map((grant) => ({
        kind: grant.kind,
        namespace: grant.kind === 'system' ? SYSTEM_NAMESPACE : (grant.projectName ?? EVERY_PROJECT),
        access: grant.access.map((permission) => {
          const [resource = '', action = ''] = permission.split(':', 2);
          return { resource, action, effect: 'allow' };
        }),
      })),
    creation_time: row.createdAt.toISOString(),
    expires_at: expirySeconds(row.expiresAt),
    expired: row.expiresAt !== null && row.expiresAt <= now,
    ...(row.lastUsedAt === null ? {} : { last_used_at: row.lastUsedAt.toISOString() }),
    ...(row.lastUsedAddress === null ? {} : { last_used_address: row.lastUsedAddress }),
  };
}

/** Seconds since 1970, -1 for never. */
export function expirySeconds(expiresAt: Date | null): number {
  return expiresAt === null ? -1 : Math.floor(expiresAt.getTime() / 1000);
}

/** Tells of a token that was made or deleted. */
export function tokenEvent(
  name: 'personal-token.created' | 'personal-token.deleted',
  caller: Caller,
  token: Pick<PersonalTokenRow, 'name' | 'userId'>,
  details: object,
): DomainEvent {
  const isNew = name === 'personal-token.created';
  return {
    name,
    projectId: null,
    data: { userId: token.userId, name: token.name },
    audit: auditEntry(caller, {
      resourceType: 'personal-token',
      resource: token.name,
      operation: isNew ? 'create' : 'delete',
      ...(isNew ? { status: 201, after: details } : { before: details }),
    }),
  };
}

function pairsOf(table: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  return new Set(
    Object.entries(table).flatMap(([resource, actions]) => actions.map((action) => `${resource}:${action}`)),
  );
}

function refused(reason: string): AppError {
  return new AppError('BAD_REQUEST', `permissions: ${reason}.`);
}
