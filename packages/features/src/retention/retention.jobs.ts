import { defineJob } from '@moorage/jobs';
import { z } from 'zod';

/** What executions of retention are called on Harbor's wire. */
export const RETENTION_VENDOR = 'RETENTION';

/** Looks at everything a policy is about, and sets the repositories going, or waits to be confirmed. */
export const planRetention = defineJob({
  name: 'retention.plan-run',
  payload: z.strictObject({ projectId: z.int(), policyId: z.int(), isDryRun: z.boolean() }),
  attempts: 3,
  backoffMs: 30_000,
  timeoutMs: 3_600_000,
});

/** Decides about one repository and removes what goes. */
export const runRetention = defineJob({
  name: 'retention.run-repository',
  payload: z.strictObject({ projectId: z.int(), policyId: z.int(), repositoryId: z.int(), repository: z.string() }),
  attempts: 3,
  backoffMs: 30_000,
  timeoutMs: 3_600_000,
});
