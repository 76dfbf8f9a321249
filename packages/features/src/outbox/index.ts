export type { AuditEntry, DomainEvent } from './outbox.events.ts';
export { appendEvents, eventPayload } from './outbox.store.ts';
