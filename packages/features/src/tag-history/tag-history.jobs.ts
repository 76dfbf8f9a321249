import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { removeOrphanedMoves } from './tag-history.store.ts';

const BATCH = 5000;
/** Counted from the move; what is in the trash keeps its moves for longer. */
const DAYS_KEPT = 400;

/** Removes the history of repositories that are gone for good. */
export function pruneTagHistoryPulse(database: Database): Pulse {
  return {
    name: 'tag-history.prune',
    everyMs: 3_600_000,
    run: async (signal) => {
      while (!signal.aborted && (await removeOrphanedMoves(database, DAYS_KEPT, BATCH)) === BATCH);
    },
  };
}
