import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { deliverEvents, type OutboxConsumer, pruneEvents } from './outbox-consumer.store.ts';

/** Batches one beat delivers at most; the next beat goes on. */
const MAX_BATCHES = 50;
const KEEP_SECONDS = 24 * 3600;
const PRUNE_BATCH = 5_000;

/** Hands new events to a consumer. */
export function deliveryPulse(database: Database, consumer: OutboxConsumer): Pulse {
  return {
    name: `outbox.deliver-${consumer.name}`,
    everyMs: 1_000,
    run: async (signal) => {
      for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch++) {
        if ((await deliverEvents(database, consumer)) === 0) return;
      }
    },
  };
}

/** Removes events of yesterday that every consumer has seen. */
export function prunePulse(database: Database, consumers: readonly OutboxConsumer[]): Pulse {
  const names = consumers.map((consumer) => consumer.name);
  return {
    name: 'outbox.prune',
    everyMs: 60_000,
    run: async (signal) => {
      for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch++) {
        if ((await pruneEvents(database, names, KEEP_SECONDS, PRUNE_BATCH)) < PRUNE_BATCH) return;
      }
    },
  };
}
