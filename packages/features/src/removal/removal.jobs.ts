import { defineJob } from '@moorage/jobs';
import { z } from 'zod';

/** Removes what was selected in one repository; what that is stands in rows of its own. */
export const removeInBackground = defineJob({
  name: 'removal.remove-selected',
  payload: z.strictObject({
    projectId: z.int(),
    /** The row, whatever it is called by then. */
    repositoryId: z.int(),
    /** Of the database, in milliseconds since 1970: what is pushed or tagged later stays. */
    selectedAt: z.number(),
    mode: z.enum(['untag', 'delete']),
    actor: z.strictObject({
      actorKind: z.string(),
      actorId: z.int().nullable(),
      username: z.string(),
      credentialKind: z.string(),
      clientAddress: z.string(),
      userAgent: z.string(),
      requestId: z.string(),
    }),
  }),
  attempts: 3,
  backoffMs: 10_000,
  timeoutMs: 3_600_000,
});
