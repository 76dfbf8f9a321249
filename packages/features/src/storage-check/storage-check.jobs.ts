import type { Database } from '@moorage/database';
import { type CollectableBlobStore, parseDigest } from '@moorage/distribution';
import { defineJob, ExecutionStore, type Processor, processor, type Pulse } from '@moorage/jobs';
import { z } from 'zod';
import { collectableAfterSeconds } from '../registry/index.ts';
import type { SettingsService } from '../settings/index.ts';
import { ScrubStateStore } from './scrub-state.store.ts';
import { StorageCheckStore } from './storage-check.store.ts';
import { type CutScan, scanStorage } from './storage-scan.ts';
import { scrubStorage } from './storage-scrub.ts';

export const STORAGE_SCAN = 'STORAGE_SCAN';
export const STORAGE_SCRUB = 'STORAGE_SCRUB';
const DAY_MS = 24 * 3600 * 1000;

const common = { payload: z.strictObject({}), attempts: 5, backoffMs: 10_000, timeoutMs: 7 * DAY_MS } as const;
/** Compares the objects of the storage with the rows of the database. */
export const scanStorageJob = defineJob({ name: 'storage.scan', ...common });
/** Reads all stored bytes and compares them with their digests. */
export const scrubStorageJob = defineJob({ name: 'storage.scrub', ...common });

const count = z.int().min(0);
const scanFacts = z.object({
  objects: count,
  unknown: count,
  rows: count,
  missing: count,
  wrong_size: count,
  phase: z.enum(['objects', 'rows']),
  after: z.string(),
});

/** What an attempt at the same scan reported that a killed worker left behind. */
function cutScanOf({ phase, after, ...tally }: z.output<typeof scanFacts>): CutScan | null {
  const digest = parseDigest(after);
  return digest === null ? null : { tally, position: { phase, after: digest } };
}

export interface StorageCheckParts {
  readonly database: Database;
  readonly blobs: CollectableBlobStore;
  readonly settings: Pick<SettingsService, 'get'>;
}

export function storageCheckProcessors({ database, blobs, settings }: StorageCheckParts): Processor[] {
  const store = new StorageCheckStore(database);
  const state = new ScrubStateStore(database);
  return [
    processor(scanStorageJob, async (context) => {
      const { gc_grace_seconds: grace } = await settings.get();
      const cut = scanFacts.safeParse((await new ExecutionStore(database).findTask(context.taskId))?.facts).data;
      const tally = await scanStorage(
        {
          store,
          blobs,
          ageSeconds: collectableAfterSeconds(grace),
          objectsPerSecond: async () => (await settings.get()).scan_objects_per_second,
        },
        context,
        cut ? cutScanOf(cut) : null,
      );
      await context.report({ percent: 100 });
      await context.summarise({ ...tally, percent: 100 });
      context.log(
        `${tally.objects} objects and ${tally.rows} blobs compared: ${tally.unknown} unknown, ${tally.missing} missing, ${tally.wrong_size} of another length.`,
      );
    }),
    processor(scrubStorageJob, async (context) => {
      const bytesPerSecond = async () => (await settings.get()).scrub_bytes_per_second;
      const done = await scrubStorage({ store, state, blobs, bytesPerSecond }, context);
      await context.report({ percent: 100 });
      await context.summarise({ ...done, percent: 100 });
      context.log(`${done.blobs} blobs, ${done.bytes} bytes read: ${done.corrupt} damaged.`);
    }),
  ];
}

/** Closes findings soon after a push has healed them. */
export function closeHealedPulse(database: Database): Pulse {
  const store = new StorageCheckStore(database);
  return { name: 'storage.close-healed', everyMs: 60_000, run: async () => void (await store.closeHealed()) };
}
