export { QuotaModule } from './quota.module.ts';
export { foldLedgerPulse, proveUsage, proveUsageProcessor, softLimitPulse, usageDayPulse } from './quota.jobs.ts';
