import { proveUsage, QUOTA_PROOF } from '@moorage/features/quota';
import { collectGarbage, GARBAGE_COLLECTION } from '@moorage/features/garbage-collection';
import { endRobots } from '@moorage/features/robot-expiry';
import { purgeCredentials } from '@moorage/features/session';
import { STORAGE_SCAN, STORAGE_SCRUB, scanStorageJob, scrubStorageJob } from '@moorage/features/storage-check';
import { purgeUploads } from '@moorage/features/upload';
import { type ScheduleDefinition, sweepExecutions } from '@moorage/jobs';

/** Every recurring job and when it runs (UTC). A row an administrator changed in the database wins over this table. */
export const SCHEDULES: readonly ScheduleDefinition[] = [
  { name: 'upload-purge', vendorType: 'UPLOAD_PURGE', cron: '10 * * * *', job: purgeUploads, payload: {} },
  { name: 'credential-purge', vendorType: 'CREDENTIAL_PURGE', cron: '25 * * * *', job: purgeCredentials, payload: {} },
  { name: 'quota-proof', vendorType: QUOTA_PROOF, cron: '40 2 * * *', job: proveUsage, payload: {} },
  { name: 'robot-end', vendorType: 'ROBOT_END', cron: '5 * * * *', job: endRobots, payload: {} },
  {
    // The name of a schedule people set: this is the one they change.
    name: `${GARBAGE_COLLECTION}:0`,
    vendorType: GARBAGE_COLLECTION,
    kind: 'Daily',
    cron: '0 30 2 * * *',
    job: collectGarbage,
    payload: { deleteUntagged: false, dryRun: false, workers: 1 },
  },
  {
    name: `${STORAGE_SCAN}:0`,
    vendorType: STORAGE_SCAN,
    kind: 'Weekly',
    cron: '0 30 4 * * 6',
    job: scanStorageJob,
    payload: {},
  },
  {
    name: `${STORAGE_SCRUB}:0`,
    vendorType: STORAGE_SCRUB,
    kind: 'Weekly',
    cron: '0 30 5 * * 6',
    job: scrubStorageJob,
    payload: {},
  },
  { name: 'execution-sweep', vendorType: 'EXECUTION_SWEEP', cron: '20 3 * * *', job: sweepExecutions, payload: {} },
];
