import { describeWith } from '@moorage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, FaultyEngine } from './faulty-engine.ts';
import { Ledger } from './ledger.ts';

/** Calls on the way of a push, and how often the start and one run of the ledger make them at least, in one thread. */
const CALLS: Readonly<Record<string, number>> = { pwritev: 1, fsync: 14, rename: 3, mkdir: 8, pwrite64: 40 };

/** Points 1, 2, … of a call; of calls with many points only some, spread over the whole run. */
function points(call: string, most: number): number[] {
  const count = CALLS[call] ?? 0;
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step + 1);
}

describeWith(['strace'], 'the engine when system calls go wrong', () => {
  let engine: FaultyEngine;
  beforeEach(() => {
    engine = new FaultyEngine();
  });
  afterEach(() => engine.remove());

  /** Runs the ledger into the fault, kills what is left, and audits on a healthy engine. */
  async function survive(fault: Fault): Promise<{ readonly hit: boolean }> {
    const origin = await engine.start(fault);
    const ledger = new Ledger(origin ?? '');
    if (origin) {
      await ledger.pushEverything('first');
      if (fault.effect !== 'signal=KILL') await ledger.pushEverything('second');
    }
    const hit = origin === null || ledger.refusals.length > 0;
    await engine.kill();
    const healthy = (await engine.start()) ?? '';
    ledger.moveTo(healthy);
    expect(await ledger.audit()).toEqual([]);
    const before = ledger.promises;
    await ledger.pushEverything('after');
    expect(ledger.promises).toBe(before + 5);
    expect(await ledger.audit()).toEqual([]);
    return { hit };
  }

  describe('killed in the middle (R1, R3)', () => {
    const cases = ['pwritev', 'fsync', 'rename', 'mkdir', 'pwrite64'].flatMap((call) =>
      points(call, 6).map((when) => ({ call, when })),
    );

    it.each(cases)('at $call number $when it keeps every promise and nothing by halves', async ({ call, when }) => {
      expect(await survive({ call, effect: 'signal=KILL', when })).toEqual({ hit: true });
    });
  });

  describe('an error of the storage (R4)', () => {
    const cases = [
      ...points('fsync', 7).map((when) => ({ call: 'fsync', error: 'EIO', when })),
      ...points('rename', 4).map((when) => ({ call: 'rename', error: 'EIO', when })),
      ...['pwritev', 'pwrite64'].flatMap((call) =>
        points(call, 5).flatMap((when) => ['EIO', 'ENOSPC'].map((error) => ({ call, error, when }))),
      ),
    ];

    it.each(cases)('$error from $call number $when is never acknowledged', async ({ call, error, when }) => {
      expect(await survive({ call, effect: `error=${error}`, when })).toEqual({ hit: true });
    });
  });
});
