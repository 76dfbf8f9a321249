import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describeWith } from '@moorage/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Fault, FaultyEngine } from './faulty-engine.ts';
import { Ledger } from './ledger.ts';
import { LoopVolume } from './loop-volume.ts';

const CYCLES = 8;

describeWith(['root', 'mkfs.ext4', 'perl', 'strace'], 'the engine when the power goes', () => {
  let volume: LoopVolume;
  let engine: FaultyEngine;
  beforeEach(async () => {
    volume = await LoopVolume.create(256);
    engine = new FaultyEngine(join(volume.path, 'root'));
  });
  afterEach(async () => {
    await engine.remove();
    await volume.remove();
  });

  /** Pushes until the power goes somewhere in the middle, and comes back on the replayed file system. */
  async function lose(ledger: Ledger, cycle: number, fault?: Fault): Promise<void> {
    ledger.moveTo((await engine.start(fault)) ?? '');
    const [promised, refused] = [ledger.promises, ledger.refusals.length];
    const pushing = (async () => {
      for (let round = 0; round < 50; round++) {
        if (ledger.refusals.length > refused) return;
        await ledger.pushEverything(`${cycle}-${round}`);
      }
    })();
    // However slow the machine is, there is something to lose.
    await expect.poll(() => ledger.promises, { interval: 5 }).toBeGreaterThan(promised);
    await setTimeout(150 + cycle * 70);
    ledger.hangUp();
    await volume.cutPower();
    await pushing;
    await engine.kill();
    await volume.unmount();
    await volume.mount();
  }

  it('keeps every promise (R2)', async () => {
    const ledger = new Ledger('');
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      await lose(ledger, cycle);
      ledger.moveTo((await engine.start()) ?? '');
      expect(await ledger.audit()).toEqual([]);
      await engine.kill();
    }
    expect(ledger.promises).toBeGreaterThan(CYCLES);
  });

  it('would not without fsync, so that the test above means something', async () => {
    const ledger = new Ledger('');
    await lose(ledger, 0, { call: 'fsync', effect: 'retval=0', when: '1+' });
    expect(ledger.promises).toBeGreaterThan(0);
    const origin = await engine.start().catch(() => null);
    if (origin === null) return;
    ledger.moveTo(origin);
    expect(await ledger.audit()).not.toEqual([]);
  });
});
