import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { foldPulls } from './pull.store.ts';

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
