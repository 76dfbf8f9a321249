export { type AuditedChange, auditEntry } from './audit.rules.ts';
