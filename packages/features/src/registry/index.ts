export { collectableAfterSeconds, leaseTimes } from './blob-lease.store.ts';
export { type ContentLimits, type ContentLimitsProvider, registryLimits } from './content-limits.ts';
export { SqlMetadataStore } from './metadata.store.ts';
export { callerOf, type RegistryCaller, registryCaller } from './registry-caller.ts';
export { settleCountersPulse } from './registry.jobs.ts';
