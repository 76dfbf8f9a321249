export { QuotaModule } from './quota.module.ts';
export { foldLedgerPulse } from './quota.jobs.ts';
export { foldLedger } from './quota-ledger.store.ts';
