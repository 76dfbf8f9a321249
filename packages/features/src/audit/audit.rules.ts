import { type Caller, nameOf } from '../http/index.ts';
import type { AuditEntry } from '../outbox/index.ts';

const MAX_TEXT = 255;
const MAX_USER_AGENT = 512;

/** What a room says about a change; the rest of the row comes from the caller. */
export interface AuditedChange {
  readonly resourceType: string;
  readonly resource: string;
  readonly operation: string;
  readonly description?: string;
  readonly succeeded?: boolean;
  readonly status?: number;
  readonly before?: object;
  readonly after?: object;
}

/** Builds the audit entry of a change. Texts are cut to the column limits; control characters are kept as data. */
export function auditEntry(caller: Caller, change: AuditedChange): AuditEntry {
  const { principal } = caller;
  return {
    actorKind: principal.kind,
    actorId: principal.kind === 'anonymous' ? null : principal.id,
    username: nameOf(principal).slice(0, MAX_TEXT),
    credentialKind: caller.credential,
    clientAddress: caller.address,
    userAgent: caller.userAgent.slice(0, MAX_USER_AGENT),
    requestId: caller.requestId,
    resourceType: change.resourceType,
    resource: change.resource,
    operation: change.operation,
    description: change.description ?? `${change.operation} ${change.resourceType}: ${change.resource}`,
    succeeded: change.succeeded ?? true,
    status: change.status ?? 200,
    ...(change.before === undefined ? {} : { before: change.before }),
    ...(change.after === undefined ? {} : { after: change.after }),
  };
}
