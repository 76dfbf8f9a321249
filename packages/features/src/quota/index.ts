export { QuotaModule } from './quota.module.ts';
export { foldLedgerPulse } from './quota.jobs.ts';
