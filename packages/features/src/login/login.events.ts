import { auditEntry } from '../audit/index.ts';
import { ANONYMOUS, type CredentialKind, originOf, type RequestOrigin } from '../http/index.ts';
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
