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
  it('alternates two buffers and grows only when asked', () => {
    const buffers = new TransferBuffers();
    const [a, b, c] = [buffers.next(), buffers.next(), buffers.next()];
    expect([a === b, a === c]).toEqual([false, true]);
    expect(a.length).toBe(256 * 1024);
    buffers.enlarge();
    expect(buffers.next().length).toBe(1024 * 1024);
    buffers.release();
  });

  it('notices a fast client once, as soon as enough went out, and never a slow one', () => {
    const prove = (millisecondsPerBuffer: number) => {
      let time = 0;
      const buffers = new TransferBuffers(() => time);
      const proofs = Array.from({ length: 40 }, () => {
        time += millisecondsPerBuffer;
        return buffers.provesFast(512 * 1024);
      });
      buffers.release();
      return proofs.filter(Boolean).length === 1 ? proofs.indexOf(true) : -1;
    };
    expect([prove(1), prove(100)]).toEqual([15, -1]);
  });
});
