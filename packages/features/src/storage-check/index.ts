export {
  closeHealedPulse,
  STORAGE_SCAN,
  STORAGE_SCRUB,
  scanStorageJob,
  scrubStorageJob,
  storageCheckProcessors,
} from './storage-check.jobs.ts';
export { StorageCheckModule } from './storage-check.module.ts';
