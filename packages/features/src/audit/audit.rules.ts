import { type Caller, nameOf } from '../http/index.ts';
import type { AuditEntry } from '../outbox/index.ts';

const MAX_TEXT = 255;
const MAX_USER_AGENT = 512;
/** Characters of JSON kept of the fields before a change, and again of those after it. */
const MAX_FIELDS = 4096;

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
    ...(change.before === undefined ? {} : { before: keptFields(change.before) }),
    ...(change.after === undefined ? {} : { after: keptFields(change.after) }),
  };
}

/** Small values as they are; one that is too large says how large it was, so that nobody fills the log by large changes (S110). */
function keptFields(fields: object): object {
  let left = MAX_FIELDS;
  const kept = Object.entries(fields).map(([key, value]: [string, unknown]) => {
    const { length } = JSON.stringify(value ?? null);
    if (length > left) return [key, `${length} characters, not kept`];
    left -= length;
    return [key, value];
  });
  return Object.fromEntries(kept) as object;
}
