export type { AuditEntry, DomainEvent, EventPosition, Occurrence, StoredEvent } from './outbox.events.ts';
export { deliveryPulse, prunePulse } from './outbox.jobs.ts';
export { appendEvents, eventPayload } from './outbox.store.ts';
export { deliverEvents, type OutboxConsumer } from './outbox-consumer.store.ts';
export { isKept, presentPosition, readEvents } from './outbox-reader.store.ts';
export { OutboxTail } from './outbox-tail.ts';
