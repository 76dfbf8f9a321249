import { auditEntry } from '../audit/index.ts';
import { ANONYMOUS, type FederatedPrincipal, originOf, type RequestOrigin } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import type { JobToken } from './job-token.rules.ts';
import type { RuleRow } from './rule.rules.ts';

const MAX_RESOURCE = 255;

/** A job was let in: one event for each project whose rules it fulfilled, and one for those of the registry. */
export function jobAccepted(
  token: JobToken,
  rules: readonly RuleRow[],
  username: string,
  origin: RequestOrigin,
): DomainEvent[] {
  const principal: FederatedPrincipal = { kind: 'federated', id: 0, username, grants: [], tokenSeconds: 0 };
  return [...Map.groupBy(rules, ({ projectId }) => projectId)].map(([projectId, fulfilled]) => {
    const names = fulfilled.map(({ name }) => name);
    const entry = auditEntry(
      { principal, credential: 'federated', ...originOf(origin) },
      {
        resourceType: 'federation',
        resource: names.join(', ').slice(0, MAX_RESOURCE),
        operation: 'login',
        description: `job ${username} let in by ${names.join(', ')}`.slice(0, MAX_RESOURCE),
        after: { issuer: token.issuer, rules: names, ...storable(token.claims) },
      },
    );
    return {
      name: 'federation.job-accepted',
      projectId,
      data: { username, rules: names },
      audit: { ...entry, actorId: null },
    };
  });
}

/** A job's token was refused. What it says is not proven, so only issuer and subject are kept. */
export function jobRefused(token: JobToken | null, reason: string, origin: RequestOrigin): DomainEvent {
  const issuer = token?.issuer.slice(0, MAX_RESOURCE) ?? '';
  const subject = token?.subject.slice(0, MAX_RESOURCE) ?? '';
  return {
    name: 'federation.job-refused',
    projectId: null,
    data: { issuer, subject },
    audit: auditEntry(
      { principal: ANONYMOUS, credential: 'federated', ...originOf(origin) },
      {
        resourceType: 'federation',
        resource: subject.replaceAll('\0', '') || 'unreadable token',
        operation: 'login',
        description: reason.slice(0, MAX_RESOURCE).replaceAll('\0', ''),
        succeeded: false,
        status: 401,
        after: { issuer: issuer.replaceAll('\0', '') },
      },
    ),
  };
}

/** Claims without what a database text cannot hold. */
function storable(claims: Readonly<Record<string, unknown>>): object {
  return JSON.parse(JSON.stringify({ claims }).replaceAll('\\u0000', '')) as object;
}
