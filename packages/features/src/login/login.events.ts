import { auditEntry } from '../audit/index.ts';
import { ANONYMOUS, type CredentialKind, originOf, type RequestOrigin } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';

const MAX_NAME = 255;

/**
 * Somebody tried a name with a wrong secret. Which of the two was wrong is not told, not even here; `reason` is why a right
 * one is refused.
 */
export function loginFailed(name: string, kind: CredentialKind, origin: RequestOrigin, reason = ''): DomainEvent {
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
        description: `failed sign-in as ${resource}${reason === '' ? '' : `: ${reason}`}`,
        succeeded: false,
        status: 401,
      },
    ),
  };
}
