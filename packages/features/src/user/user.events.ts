import type { DomainEvent } from '../outbox/index.ts';
import { FIRST_ADMIN_ID, FIRST_ADMIN_NAME } from './user.rules.ts';

/** Tells of the first administrator, whom nobody called for. */
export function firstAdminEvent(): DomainEvent {
  return {
    name: 'user.created',
    projectId: null,
    data: { userId: FIRST_ADMIN_ID, username: FIRST_ADMIN_NAME },
    audit: {
      actorKind: 'system',
      actorId: null,
      username: 'system',
      credentialKind: 'internal',
      clientAddress: '',
      userAgent: '',
      requestId: '',
      resourceType: 'user',
      resource: FIRST_ADMIN_NAME,
      operation: 'create',
      description: 'create the first administrator',
      succeeded: true,
      status: 201,
      after: { username: FIRST_ADMIN_NAME, sysadmin_flag: true },
    },
  };
}
