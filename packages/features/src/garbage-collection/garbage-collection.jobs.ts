import type { Database, Transaction } from '@moorage/database';
import type { CollectableBlobStore } from '@moorage/distribution';
import {
  defineJob,
  ExecutionStore,
  PermanentFailure,
  planTask,
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
import { type CollectionPart, type CollectionPlan, inUnits, rangesOf } from './garbage.rules.ts';
import { GarbageStore } from './garbage.store.ts';
import { removeUntagged } from './untagged.ts';
import { UntaggedStore } from './untagged.store.ts';

export const GARBAGE_COLLECTION = 'GARBAGE_COLLECTION';
const DAY_MS = 24 * 3600 * 1000;
const DISCARD_EVERY_MS = 15_000;

const workers = z.int().min(1).max(10);
const job = { attempts: 5, backoffMs: 10_000, timeoutMs: DAY_MS } as const;

/** Begins a collection: removes artifacts without tags when it is asked to, then hands out the parts of the blobs. */
export const collectGarbage = defineJob({
  name: 'garbage.collect',
  payload: z.strictObject({ deleteUntagged: z.boolean(), dryRun: z.boolean(), workers }),
  ...job,
});

/** Goes through one part of the blobs; the parts of a run go to whichever worker processes are free. */
export const sweepGarbage = defineJob({
  name: 'garbage.sweep',
  payload: z.strictObject({ part: z.int().min(0).max(9), dryRun: z.boolean(), workers }),
  ...job,
});

/** What tasks count, and what the run calls it: Harbor's names, where it has some. */
const NAMES = {
  untagged: 'purged_manifests',
  blobs: 'purged_blobs',
  links: 'purged_links',
  bytes: 'freed_space',
  scanned: 'scanned_blobs',
} as const;

export interface CollectionParts {
  readonly database: Database;
  readonly blobs: CollectableBlobStore;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly executions: Pick<ExecutionService, 'running' | 'hasSpawned'>;
}

export function garbageProcessors(parts: CollectionParts): readonly Processor[] {
  return [
    processor(collectGarbage, (context) => begin(parts, context)),
    processor(sweepGarbage, (context) => sweep(parts, context)),
  ];
}

async function begin(parts: CollectionParts, context: TaskContext<CollectionPlan>): Promise<void> {
  const { payload: plan, log } = context;
  const first = await parts.executions.running({ vendorType: GARBAGE_COLLECTION });
  if (first !== null && first < context.executionId) {
    log(`Run ${first} is still under way and does the same; this one ends here.`);
    await context.summarise({ skipped: true });
    return;
  }
  if (await parts.executions.hasSpawned(context.executionId)) return;
  if (!plan.dryRun && (await parts.settings.get()).read_only) throw new PermanentFailure(READ_ONLY_RUN);
  const ageSeconds = await ageFor(parts);
  await context.summarise({ dry_run: plan.dryRun, delete_untagged: plan.deleteUntagged, workers: plan.workers });
  // So that they are there from the start.
  await context.count(parts.database, { add: { untagged: 0, blobs: 0, links: 0, bytes: 0, scanned: 0 }, names: NAMES });
  log(`${plan.dryRun ? 'Dry run: nothing is changed. ' : ''}What was used less than ${ageSeconds} s ago stays.`);
  if (plan.deleteUntagged) {
    const untagged = { store: new UntaggedStore(parts.database), removal: new ContentRemoval(parts.database) };
    await removeUntagged({ ...untagged, ageSeconds, name: NAMES.untagged }, context);
  }
  const { dryRun } = plan;
  await context.spawn(
    Array.from({ length: plan.workers }, (_, part) => planTask(sweepGarbage, { part, dryRun, workers: plan.workers })),
  );
}

async function sweep(parts: CollectionParts, context: TaskContext<CollectionPart>): Promise<void> {
  const { payload: part, log, report, signal } = context;
  const ageSeconds = await ageFor(parts);
  const cut = await cutShort(parts.database, context.taskId);
  const collector = new GarbageCollector({
    store: new GarbageStore(parts.database),
    blobs: parts.blobs,
    ageSeconds,
    signal,
    log,
    ...(cut ? { done: cut } : {}),
    blobsPerSecond: async () => (await parts.settings.get()).gc_blobs_per_second / part.workers,
    count: (done, positions, transaction) => {
      const counted = (sql: Transaction) =>
        context.count(sql, { add: { ...done }, names: NAMES, facts: { positions } });
      return transaction ? counted(transaction) : parts.database.transaction(counted);
    },
    progress: () => report({}),
  });
  const tally = await collector.run(rangesOf(part), part.dryRun, cut?.positions);
  log(
    `Part ${part.part + 1} of ${part.workers}: ${part.dryRun ? 'would remove' : 'removed'} ${tally.blobs} blobs (${inUnits(tally.bytes)}) and ${tally.links} links; ${tally.scanned} blobs looked at.`,
  );
}

/** For how many seconds nobody may have used what goes. */
async function ageFor({ settings }: CollectionParts): Promise<number> {
  return collectableAfterSeconds((await settings.get()).gc_grace_seconds);
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
