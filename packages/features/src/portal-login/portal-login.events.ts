import { auditEntry } from '../audit/index.ts';
import { ANONYMOUS, type Caller, originOf, type RequestOrigin } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';

/** Somebody came back from an identity source and was not let in. */
export function sourceLoginFailed(source: string, reason: string, origin: RequestOrigin): DomainEvent {
  return {
    name: 'login.failed',
    projectId: null,
    data: { source },
    audit: auditEntry(
      { principal: ANONYMOUS, credential: 'identity-source', ...originOf(origin) },
      {
        resourceType: 'user',
        resource: source,
        operation: 'login',
        description: `failed sign-in through ${source}: ${reason}`.slice(0, 1024).replaceAll('\0', ''),
        succeeded: false,
        status: 401,
      },
    ),
  };
}

/** A browser session began or ended. */
export function sessionEvent(name: 'login.succeeded' | 'login.ended', caller: Caller, username: string): DomainEvent {
  return {
    name,
    projectId: null,
    data: { username },
    audit: auditEntry(caller, {
      resourceType: 'user',
      resource: username,
      operation: name === 'login.succeeded' ? 'login' : 'logout',
    }),
  };
}
