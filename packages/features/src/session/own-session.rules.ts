import type { UserSession } from '@moorage/contracts';
import { auditEntry } from '../audit/index.ts';
import type { Caller } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';

/** A session as it is shown; the cookie is not stored. */
export interface SessionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string;
}

/** How long sessions live. */
export interface SessionLimits {
  readonly idleMinutes: number;
  readonly absoluteMinutes: number;
}

/** A session on the wire. A limit that was shortened since it began counts from its beginning. */
export function sessionAnswer(row: SessionRow, currentId: string | undefined, limits: SessionLimits): UserSession {
  const end = Math.min(row.expiresAt.getTime(), row.createdAt.getTime() + limits.absoluteMinutes * 60_000);
  const idle = Math.min(end, row.lastSeenAt.getTime() + limits.idleMinutes * 60_000);
  return {
    id: row.id,
    current: row.id === currentId,
    creation_time: row.createdAt.toISOString(),
    last_seen_at: row.lastSeenAt.toISOString(),
    idle_until: new Date(idle).toISOString(),
    expires_at: new Date(end).toISOString(),
    address: row.address,
    user_agent: row.userAgent,
  };
}

/** Tells that somebody ended sessions from a list. */
export function sessionsEndedEvent(caller: Caller, userId: number, what: string): DomainEvent {
  return {
    name: 'session.ended',
    projectId: null,
    data: { userId },
    audit: auditEntry(caller, {
      resourceType: 'session',
      resource: `user ${userId}`,
      operation: 'delete',
      description: `end ${what} of user ${userId}`,
    }),
  };
}
