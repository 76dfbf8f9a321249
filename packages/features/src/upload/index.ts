export { UploadClaims } from './upload-claims.store.ts';
export type { UploadLimits } from './upload-limits.ts';
export { SqlUploadSessions } from './upload-sessions.store.ts';
