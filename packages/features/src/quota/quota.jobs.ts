import type { Database } from '@moorage/database';
import { defineJob, type Processor, type Pulse, processor } from '@moorage/jobs';
import { z } from 'zod';
import type { Clock } from '../clock/index.ts';
import type { SettingsService } from '../settings/index.ts';
import { foldLedger, measureUsage, type ProjectUsage, recomputeUsage } from '../usage/index.ts';
import { dayOf } from './growth.rules.ts';
import { QuotaGrowthStore } from './quota-growth.store.ts';

const PROJECTS_AT_ONCE = 200;
/** Runs that prove usage, as the job monitor names them. */
export const QUOTA_PROOF = 'QUOTA_PROOF';

/** Keeps the ledger short, so that reading a project's usage stays cheap. */
export function foldLedgerPulse(database: Database): Pulse {
  return { name: 'quota.fold-ledger', everyMs: 2_000, run: async () => void (await foldLedger(database)) };
}

/** Tells of projects that reached their soft limit, some seconds after it happened. */
export function softLimitPulse(database: Database, settings: Pick<SettingsService, 'get'>): Pulse {
  const store = new QuotaGrowthStore(database);
  return {
    name: 'quota.soft-limits',
    everyMs: 10_000,
    run: async () => void (await store.tellOfSoftLimits((await settings.get()).quota_warning_percent)),
  };
}

/** Writes down how much projects hold, several times a day. */
export function usageDayPulse(database: Database, clock: Clock): Pulse {
  const store = new QuotaGrowthStore(database);
  return { name: 'quota.record-day', everyMs: 900_000, run: () => store.recordDay(dayOf(clock.now())) };
}

/** Proves that what projects are charged is what a recount gives (R14). */
export const proveUsage = defineJob({
  name: 'quota.prove-usage',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 60_000,
  timeoutMs: 3 * 3_600_000,
});

/** Recounts every project; one that differs is set right, and an event tells of it, since it must never happen. */
export function proveUsageProcessor(database: Database): Processor {
  const store = new QuotaGrowthStore(database);
  return processor(proveUsage, async ({ report }) => {
    let [checked, corrected, last] = [0, 0, 0];
    for (;;) {
      const projects = await store.projectsAfter(last, PROJECTS_AT_ONCE);
      for (const project of projects) {
        const usage = await measureUsage(database, project);
        checked++;
        last = project;
        if (isRight(usage)) continue;
        await recomputeUsage(database, project);
        await store.tellOfCorrection(
          project,
          { bytes: usage.stored, artifacts: usage.storedArtifacts },
          { bytes: usage.counted, artifacts: usage.countedArtifacts },
        );
        corrected++;
      }
      await report({ checked, corrected });
      if (projects.length < PROJECTS_AT_ONCE) return;
    }
  });
}

function isRight(usage: ProjectUsage): boolean {
  return usage.stored === usage.counted && usage.storedArtifacts === usage.countedArtifacts;
}
