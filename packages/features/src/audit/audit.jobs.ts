import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import type { Clock } from '../clock/index.ts';
import type { OutboxConsumer } from '../outbox/index.ts';
import { deliverAudit, ensureAuditPartitions } from './audit-delivery.store.ts';

const MONTHS_AHEAD = 2;

/** Writes audit rows from events. `disabledEvents` names those that leave none, as the settings are now. */
export function auditConsumer(disabledEvents: () => Promise<ReadonlySet<string>>): OutboxConsumer {
  return {
    name: 'audit',
    deliver: async (sql, events) => deliverAudit(sql, events, await disabledEvents()),
  };
}

/** Keeps partitions ready for the coming months. */
export function auditPartitionPulse(database: Database, clock: Clock): Pulse {
  return {
    name: 'audit.make-partitions',
    everyMs: 600_000,
    run: () => ensureAuditPartitions(database, clock.now(), MONTHS_AHEAD),
  };
}
