import type { Database } from '@moorage/database';
import type { CollectableBlobStore } from '@moorage/distribution';
import {
  defineJob,
  ExecutionStore,
  PermanentFailure,
  type Processor,
  processor,
  type Pulse,
  type TaskContext,
} from '@moorage/jobs';
import { z } from 'zod';
import { ContentRemoval } from '../content/index.ts';
import type { ExecutionService } from '../execution/index.ts';
import { collectableAfterSeconds } from '../registry/index.ts';
import { READ_ONLY_RUN, type SettingsService } from '../settings/index.ts';
import { GarbageCollector, giveUpBytes } from './garbage-collector.ts';
import { type CollectionPlan, inUnits } from './garbage.rules.ts';
import { GarbageStore } from './garbage.store.ts';
import { removeUntagged } from './untagged.ts';
import { UntaggedStore } from './untagged.store.ts';

export const GARBAGE_COLLECTION = 'GARBAGE_COLLECTION';
const DAY_MS = 24 * 3600 * 1000;
const DISCARD_EVERY_MS = 15_000;

/** Removes what nothing needs: unneeded links, then blobs without any; first artifacts without tags when it is asked to. */
export const collectGarbage = defineJob({
  name: 'garbage.collect',
  payload: z.strictObject({ deleteUntagged: z.boolean(), dryRun: z.boolean(), workers: z.int().min(1).max(10) }),
  attempts: 5,
  backoffMs: 10_000,
  timeoutMs: DAY_MS,
});

export interface CollectionParts {
  readonly database: Database;
  readonly blobs: CollectableBlobStore;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly executions: Pick<ExecutionService, 'running'>;
}

export function collectGarbageProcessor(parts: CollectionParts): Processor {
  return processor(collectGarbage, async (context) => {
    const first = await parts.executions.running({ vendorType: GARBAGE_COLLECTION });
    if (first !== null && first < context.executionId) {
      context.log(`Run ${first} is still under way and does the same; this one ends here.`);
      await context.summarise({ skipped: true });
      return;
    }
    await collect(parts, context);
  });
}

async function collect(parts: CollectionParts, context: TaskContext<CollectionPlan>): Promise<void> {
  const { payload: plan, log, report, signal } = context;
  const { gc_grace_seconds: grace, read_only: isReadOnly } = await parts.settings.get();
  if (isReadOnly && !plan.dryRun) throw new PermanentFailure(READ_ONLY_RUN);
  const ageSeconds = collectableAfterSeconds(grace);
  const began = performance.now();
  log(`${plan.dryRun ? 'Dry run: nothing is changed. ' : ''}What was used less than ${ageSeconds} s ago stays.`);
  const untagged = plan.deleteUntagged
    ? await removeUntagged(
        { store: new UntaggedStore(parts.database), removal: new ContentRemoval(parts.database), ageSeconds },
        context,
      )
    : 0;
  const store = new GarbageStore(parts.database);
  const cut = await cutShort(parts.database, context.taskId);
  const collector = new GarbageCollector({
    store,
    blobs: parts.blobs,
    ageSeconds,
    signal,
    log,
    ...(cut ? { done: cut } : {}),
    progress: (tally, positions) => report({ ...tally, positions }),
  });
  const tally = await collector.run(plan, cut?.positions);
  const discarded = plan.dryRun ? 0 : await giveUpBytes(store, parts.blobs, grace, signal);
  await context.summarise({
    dry_run: plan.dryRun,
    delete_untagged: plan.deleteUntagged,
    workers: plan.workers,
    purged_blobs: tally.blobs,
    purged_manifests: untagged,
    purged_links: tally.links,
    freed_space: tally.bytes,
    scanned_blobs: tally.scanned,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  });
  log(
    `${plan.dryRun ? 'Would remove' : 'Removed'} ${tally.blobs} blobs (${inUnits(tally.bytes)}), ${tally.links} links and ${untagged} untagged artifacts; ${tally.scanned} blobs looked at, the bytes of ${discarded} removed earlier given up.`,
  );
}

const count = z.int().min(0);
const progressFacts = z.object({
  scanned: count,
  links: count,
  blobs: count,
  bytes: count,
  positions: z.array(z.string().regex(/^([0-9a-f]{2})+$/)),
});

/** How far an attempt at the same task came that a killed worker left behind. */
async function cutShort(database: Database, taskId: number): Promise<z.output<typeof progressFacts> | null> {
  const task = await new ExecutionStore(database).findTask(taskId);
  return progressFacts.safeParse(task?.facts).data ?? null;
}

/** Gives up the bytes of what was collected, once their time aside is over; in read-only mode they wait. */
export function discardPulse(parts: Pick<CollectionParts, 'database' | 'blobs' | 'settings'>): Pulse {
  const store = new GarbageStore(parts.database);
  return {
    name: 'garbage.discard',
    everyMs: DISCARD_EVERY_MS,
    run: async (signal) => {
      const { gc_grace_seconds: grace, read_only: isReadOnly } = await parts.settings.get();
      if (isReadOnly) return;
      await giveUpBytes(store, parts.blobs, grace, signal);
    },
  };
}
