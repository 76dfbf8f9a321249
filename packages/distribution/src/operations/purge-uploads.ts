import type { UploadSessions, UploadStore } from '../ports/index.ts';

const BATCH = 100;

/**
 * Drops uploads nobody has touched since `before` (U14): first sessions with their bytes, then bytes without a session,
 * which a crash leaves behind. Safe to run on several processes at once. Returns how many were dropped.
 */
export async function purgeUploads(
  ports: { readonly uploads: UploadStore; readonly metadata: UploadSessions },
  before: Date,
): Promise<number> {
  let purged = 0;
  for (;;) {
    const ids = await ports.metadata.listIdleUploads(before, BATCH);
    let expired = 0;
    for (const id of ids) {
      if (!(await ports.metadata.expireUpload(id, before))) continue;
      await ports.uploads.discard(id);
      expired++;
    }
    purged += expired;
    if (expired === 0) break;
  }
  for (;;) {
    const ids = await ports.uploads.listIdle(before, BATCH);
    for (const id of ids) await ports.uploads.discard(id);
    purged += ids.length;
    if (ids.length < BATCH) return purged;
  }
}
