export { overQuotaMessage } from './quota.rules.ts';
export {
  charge,
  discharge,
  exactly,
  overQuota,
  QUOTA,
  QUOTA_ANSWER,
  type QuotaAnswer,
  QuotaGate,
  quotaVerdict,
} from './quota-gate.store.ts';
