export { UploadClaims } from './upload-claims.store.ts';
export type { UploadLimits, UploadLimitsProvider } from './upload-limits.ts';
export { SqlUploadSessions } from './upload-sessions.store.ts';
export { purgeUploads, purgeUploadsProcessor } from './upload.jobs.ts';
