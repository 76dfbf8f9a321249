import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { type HistoryLimit, type TagPlace, tagsAfter, trimHistory } from './tag-history-limit.store.ts';

/** A tag that moves every minute keeps most of a day, any other all that anybody looks for. */
const LIMIT: HistoryLimit = { moves: 1000, days: 400 };
const TAGS_PER_STEP = 500;
const MOVES_PER_STEP = 20_000;

/** Keeps the history of tags within its limits, tag by tag. */
export function pruneTagHistoryPulse(database: Database, limit: HistoryLimit = LIMIT): Pulse {
  return {
    name: 'tag-history.prune',
    everyMs: 3_600_000,
    run: async (signal) => {
      let after: TagPlace = { repository_id: 0, tag: '' };
      while (!signal.aborted) {
        const tags = await tagsAfter(database, after, TAGS_PER_STEP);
        const last = tags.at(-1);
        if (!last) return;
        while (!signal.aborted && (await trimHistory(database, tags, limit, MOVES_PER_STEP)) === MOVES_PER_STEP);
        after = last;
      }
    },
  };
}
