import { z } from 'zod';
import type { Database } from '@moorage/database';
import { defineJob, type Processor, processor } from './job-definition.ts';
import { TaskStore } from './task.store.ts';

/** Finished executions kept of each kind (JOB-2). */
const KEEP = 50;

/** Drops old finished executions. */
export const sweepExecutions = defineJob({
  name: 'job.sweep-executions',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 60_000,
  timeoutMs: 600_000,
});

export function sweepExecutionsProcessor(database: Database): Processor {
  const store = new TaskStore(database);
  return processor(sweepExecutions, async ({ report }) => report({ removed: await store.sweepExecutions(KEEP) }));
}
