import { purgeUploads as purgeAbandoned, type UploadSessions, type UploadStore } from '@moorage/distribution';
import { defineJob, type Processor, processor } from '@moorage/jobs';
import { z } from 'zod';
import type { Clock } from '../clock/index.ts';

/** Uploads nobody has touched for this long are dropped (U14, S113). */
const IDLE_MS = 24 * 3600 * 1000;

/** Drops abandoned uploads: their sessions and their bytes. */
export const purgeUploads = defineJob({
  name: 'upload.purge-abandoned',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 60_000,
  timeoutMs: 3_600_000,
});

export function purgeUploadsProcessor(
  ports: { readonly uploads: UploadStore; readonly metadata: UploadSessions },
  clock: Clock,
): Processor {
  return processor(purgeUploads, async ({ report }) => {
    await report({ purged: await purgeAbandoned(ports, new Date(clock.now().getTime() - IDLE_MS)) });
  });
}
