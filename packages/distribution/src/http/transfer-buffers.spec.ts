import { describe, expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.ts';
import { TransferBuffers } from './transfer-buffers.ts';

describe('BufferPool', () => {
  it('reuses what comes back, and keeps within its limit', () => {
    const pool = new BufferPool(10, 2, 4);
    const [first, second] = [pool.acquirePair(), pool.acquirePair()];
    expect(pool.acquirePair()).toBeNull();
    if (!first || !second) throw new Error('there was room for two pairs');
    pool.releasePair(first);
    pool.releasePair(second);
    const again = pool.acquirePair() ?? [];
    expect(new Set(again)).toEqual(new Set(first));
    expect(pool.acquirePair()).not.toBeNull();
  });
});

describe('TransferBuffers', () => {
  it('alternates two buffers and grows only when that was proved', () => {
    const buffers = new TransferBuffers(() => 0);
    const [a, b, c] = [buffers.next(), buffers.next(), buffers.next()];
    expect([a === b, a === c]).toEqual([false, true]);
    buffers.enlarge();
    expect(buffers.next().length).toBe(256 * 1024);
    const sizes = [1, 16].map((mebibytes) => {
      expect(buffers.provesFast(mebibytes * 1024 * 1024)).toBe(true);
      buffers.enlarge();
      return buffers.next().length / 1024;
    });
    expect(sizes).toEqual([512, 1024]);
    buffers.release();
  });

  it('notices a fast client once per size, as soon as enough went out, and never a slow one', () => {
    const proofsOf = (millisecondsPerBuffer: number) => {
      let time = 0;
      const buffers = new TransferBuffers(() => time);
      const proofs = Array.from({ length: 100 }, (_, turn) => {
        time += millisecondsPerBuffer;
        return buffers.provesFast(256 * 1024) ? [turn] : [];
      });
      buffers.release();
      return proofs.flat();
    };
    expect([proofsOf(1), proofsOf(8), proofsOf(100)]).toEqual([[3, 63], [3], []]);
  });
});
