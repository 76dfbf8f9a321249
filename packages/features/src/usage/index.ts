export { overQuotaMessage } from './quota.rules.ts';
export {
  charge,
  discharge,
  dischargeRepository,
  overQuota,
  QUOTA,
  QUOTA_ANSWER,
  type QuotaAnswer,
  QuotaGate,
  quotaVerdict,
} from './quota-gate.store.ts';
export { foldUsage, measureUsage, type ProjectUsage, recomputeUsage } from './usage.store.ts';
