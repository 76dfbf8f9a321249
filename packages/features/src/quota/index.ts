export { QuotaModule } from './quota.module.ts';
export { foldLedger } from './quota-ledger.store.ts';
