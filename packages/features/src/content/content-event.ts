import type { DomainEvent } from '../outbox/index.ts';

/** What a change tells of itself; the store adds the name, the project and what only it knows. */
export type EventBody = Pick<DomainEvent, 'data' | 'audit'>;
