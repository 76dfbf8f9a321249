import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { countReceived } from './body-memory.ts';

const MIB = 1024 * 1024;

/** Collections somebody asked for while `work` ran, by their kind; those V8 makes by itself are left out. */
async function forcedCollections(work: () => void): Promise<number[]> {
  const kinds: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as { detail?: { kind: number; flags: number } }[]) {
      if (detail && detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) kinds.push(detail.kind);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  work();
  // They are told in the turns of the loop after the one in which they were made.
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  observer.disconnect();
  return kinds;
}

describe('countReceived', () => {
  it('has young memory collected once per 24 MiB of bodies, and leaves the flag that shows the collector unset', async () => {
    const receive = (mebibytes: number) =>
      forcedCollections(() => {
        for (let count = 0; count < mebibytes; count++) countReceived(MIB);
      });
    expect(await receive(23)).toEqual([]);
    expect(await receive(1)).toEqual([constants.NODE_PERFORMANCE_GC_MINOR]);
    expect(await receive(23)).toEqual([]);
    expect('gc' in globalThis).toBe(false);
  });
});
