import type { Database } from '@moorage/database';
import { defineJob, type Processor, processor } from '@moorage/jobs';
import { z } from 'zod';
import { ProjectTrashStore } from './project-trash.store.ts';
import { PurgeStore } from './purge.store.ts';
import { systemPurgeAudit } from './trash.jobs.ts';

export const TRASH_PURGE = 'TRASH_PURGE';
const AT_ONCE = 100;
const DAY_MS = 24 * 3600 * 1000;

/** Empties what somebody marked for good: of a project, or of all with null. */
export const purgeTrashJob = defineJob({
  name: 'trash.purge',
  payload: z.strictObject({ projectId: z.int().nullable() }),
  attempts: 5,
  backoffMs: 10_000,
  timeoutMs: DAY_MS,
});

/**
 * Runs {@link purgeTrashJob}: one item after the other, telling how many are left. A run that is stopped or killed leaves
 * items marked, which cannot come back any more; the beat of the trash takes them.
 */
export function purgeTrashProcessor(database: Database): Processor {
  const purges = new PurgeStore(database);
  const projects = new ProjectTrashStore(database);
  return processor(purgeTrashJob, async ({ payload: { projectId }, signal, log, report, summarise }) => {
    const total = await purges.countMarked(projectId);
    const failures: unknown[] = [];
    for (let items = await purges.marked(AT_ONCE, projectId); items.length > 0 && failures.length === 0; ) {
      for (const item of items) {
        if (signal.aborted) return;
        const audit = systemPurgeAudit(item);
        const work = item.kind === 'project' ? projects.empty(item, audit, signal) : purges.empty(item, audit);
        await work.catch((error: unknown) => {
          failures.push(error);
          log(
            `${item.title} is still here, and is tried again: ${error instanceof Error ? error.message : 'it failed'}`,
            'ERROR',
          );
        });
      }
      const remaining = await purges.countMarked(projectId);
      await report({ total, purged: Math.max(total - remaining, 0), remaining });
      items = await purges.marked(AT_ONCE, projectId);
    }
    if (failures.length > 0) throw new AggregateError(failures, 'parts of the trash could not be emptied');
    await summarise({ purged: total, remaining: 0 });
    log(`${total} items are gone for good.`);
  });
}
