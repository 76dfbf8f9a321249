import { describe, expect, it } from 'vitest';
import { countCrash, restartPause } from './restart.rules.ts';

describe('restarts', () => {
  it('wait longer after each crash in a row, but never more than half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map(restartPause)).toEqual([1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3]);
  });

  it('count anew after a calm minute', () => {
    expect(countCrash(4, 59_999)).toBe(5);
    expect(countCrash(4, 60_000)).toBe(1);
  });
});
