import { describe, expect, it } from 'vitest';
import { type Allowance, takeOne } from './request-limit.rules.ts';

function run(perMinute: number, times: readonly number[]): (number | 'ok')[] {
  let allowance: Allowance | undefined;
  return times.map((now) => {
    const taken = takeOne(allowance, perMinute, now);
    if ('waitSeconds' in taken) return taken.waitSeconds;
    allowance = taken.allowance;
    return 'ok';
  });
}

describe('takeOne', () => {
  it('lets a whole minute through at once, then as many as grow back', () => {
    expect(run(3, [0, 0, 0, 0, 20_000, 20_000, 39_000])).toEqual(['ok', 'ok', 'ok', 20, 'ok', 20, 1]);
  });

  it('saves up no more than a minute', () => {
    expect(run(2, [0, 3_600_000, 3_600_000, 3_600_000])).toEqual(['ok', 'ok', 'ok', 30]);
  });

  it('gives nothing for a clock that was set back', () => {
    expect(run(1, [100_000, 40_000, 100_000])).toEqual(['ok', 60, 60]);
  });
});
