export { QuotaModule } from './quota.module.ts';
export {
  foldLedgerPulse,
  proveUsage,
  proveUsageProcessor,
  QUOTA_PROOF,
  softLimitPulse,
  usageDayPulse,
} from './quota.jobs.ts';
