export { auditConsumer, auditPartitionPulse } from './audit.jobs.ts';
export { AuditModule } from './audit.module.ts';
export { type AuditedChange, auditEntry } from './audit.rules.ts';
export { deliverAudit, ensureAuditPartitions } from './audit-delivery.store.ts';
export { disabledAuditEvents } from './audit-event-names.rules.ts';
