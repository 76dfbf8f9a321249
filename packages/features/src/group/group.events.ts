import { auditEntry } from '../audit/index.ts';
import type { Caller } from '../http/index.ts';
import type { AuditEntry, DomainEvent } from '../outbox/index.ts';
import type { GroupRow, GroupSource } from './group.rules.ts';

/** Tells of a group that was made, renamed or deleted. */
export function groupEvent(
  operation: 'create' | 'update' | 'delete',
  caller: Caller,
  group: GroupRow,
  change: { before?: object; after?: object } = {},
): DomainEvent {
  return {
    name: `group.${operation}d`,
    projectId: null,
    data: { groupId: group.id, name: group.name, type: group.type },
    audit: auditEntry(caller, {
      resourceType: 'group',
      resource: group.name,
      operation,
      status: operation === 'create' ? 201 : 200,
      ...change,
    }),
  };
}

/** Tells of a user who was put into, or taken out of, a managed group. */
export function groupMemberEvent(
  operation: 'create' | 'delete',
  caller: Caller,
  group: GroupRow,
  user: { readonly id: number; readonly username: string },
): DomainEvent {
  return {
    name: operation === 'create' ? 'group.member-added' : 'group.member-removed',
    projectId: null,
    data: { groupId: group.id, name: group.name, userId: user.id, username: user.username },
    audit: auditEntry(caller, {
      resourceType: 'group_member',
      resource: `${group.name}/${user.username}`,
      operation,
      status: operation === 'create' ? 201 : 200,
    }),
  };
}

/** Tells that a source changed what a user belongs to. */
export function membershipsEvent(
  source: GroupSource,
  user: { readonly id: number; readonly username: string },
  added: readonly string[],
  removed: readonly string[],
): DomainEvent {
  return {
    name: 'group.memberships-refreshed',
    projectId: null,
    data: { userId: user.id, username: user.username, sourceId: source.id },
    audit: {
      ...BY_SYSTEM,
      resourceType: 'group_member',
      resource: user.username.slice(0, 255),
      operation: 'update',
      description: `groups of ${user.username} as ${source.kind} source ${source.id} tells them`,
      after: { added: added.slice(0, 50), removed: removed.slice(0, 50) },
    },
  };
}

const BY_SYSTEM: Pick<
  AuditEntry,
  | 'actorKind'
  | 'actorId'
  | 'username'
  | 'credentialKind'
  | 'clientAddress'
  | 'userAgent'
  | 'requestId'
  | 'succeeded'
  | 'status'
> = {
  actorKind: 'system',
  actorId: null,
  username: 'system',
  credentialKind: 'internal',
  clientAddress: '',
  userAgent: '',
  requestId: '',
  succeeded: true,
  status: 200,
};
