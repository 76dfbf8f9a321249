import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { foldPulls, prunePullDays } from './pull.store.ts';

const BATCH = 10_000;

/** Moves counted pulls into repositories, artifacts and tags (F4). */
export function foldPullsPulse(database: Database): Pulse {
  return {
    name: 'pull.fold-counts',
    everyMs: 5_000,
    run: async (signal) => {
      while (!signal.aborted && (await foldPulls(database, BATCH)) === BATCH);
    },
  };
}

/** Pulls by day are told for this long. */
const DAYS_KEPT = 90;

/** Forgets pulls of days that nobody is told of any more. */
export function prunePullDaysPulse(database: Database): Pulse {
  return {
    name: 'pull.prune-days',
    everyMs: 3_600_000,
    run: async (signal) => {
      while (!signal.aborted && (await prunePullDays(database, DAYS_KEPT, BATCH)) === BATCH);
    },
  };
}
