import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { settleLeftCounters } from './repository-counters.store.ts';

/** Counts the pushes that a crash left uncounted; in quiet times there are none. */
export function settleCountersPulse(database: Database): Pulse {
  return {
    name: 'registry.settle-counters',
    everyMs: 30_000,
    run: async () => void (await settleLeftCounters(database)),
  };
}
