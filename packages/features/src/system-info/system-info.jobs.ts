import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { HeartbeatStore } from './heartbeat.store.ts';

/** Name of the worker's sign of life. */
export const WORKER = 'worker';

/** Shows that queue, worker and database work together: it comes through all three. */
export function heartbeatPulse(database: Database): Pulse {
  const store = new HeartbeatStore(database);
  return { name: 'system-info.beat', everyMs: 5_000, run: () => store.beat(WORKER) };
}
