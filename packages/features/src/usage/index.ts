export { overQuotaMessage, quotaWarning, softLimitOf } from './quota.rules.ts';
export {
  artifactVerdict,
  charge,
  chargeRestored,
  chargeTrash,
  discharge,
  dischargeLinks,
  dischargeRepository,
  dischargeTrash,
  type Exactness,
  overQuota,
  QUOTA,
  type QuotaAnswer,
  quotaAnswer,
  QuotaGate,
  type QuotaStatement,
  quotaVerdict,
} from './quota-gate.store.ts';
export { foldLedger, forgetUsage, measureUsage, type ProjectUsage, recomputeUsage } from './usage.store.ts';
