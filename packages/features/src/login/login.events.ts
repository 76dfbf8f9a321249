import { auditEntry } from '../audit/index.ts';
import { ANONYMOUS, type Caller, type CredentialKind, originOf, type RequestOrigin } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';

const MAX_NAME = 255;

/** Somebody tried a name with a wrong secret. Which of the two was wrong is not told, not even here. */
export function loginFailed(name: string, kind: CredentialKind, origin: RequestOrigin): DomainEvent {
  const resource = name.slice(0, MAX_NAME).replaceAll('\0', '');
  return {
    name: 'login.failed',
    projectId: null,
    data: { name: resource },
    audit: auditEntry(
      { principal: ANONYMOUS, credential: kind, ...originOf(origin) },
      {
        resourceType: 'user',
        resource,
        operation: 'login',
        description: `failed sign-in as ${resource}`,
        succeeded: false,
        status: 401,
      },
    ),
  };
}

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
