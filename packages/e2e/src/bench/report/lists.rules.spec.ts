import { describe, expect, it } from 'vitest';
import { listFigures } from './lists.rules.ts';

const round = (large: number, small: number, otherCpu = 0) => ({
  large: { p50Ms: 1, p95Ms: large },
  small: { p50Ms: 1, p95Ms: small },
  otherCpu,
});

describe('listFigures', () => {
  it('takes the middle round, and the middle of the ratios of each round', () => {
    const rounds = [round(10, 10), round(12, 6), round(30, 25)];
    const figures = listFigures({ rounds });
    expect(figures).toMatchObject({ largeMs: 12, smallMs: 10, growth: 1.2, disturbed: false });
    expect(figures).toMatchObject({ time: 'goal', isGrowthKept: true });
  });

  it('leaves disturbed rounds out while three others are there', () => {
    const calm = [round(20, 10), round(21, 10), round(22, 10)];
    expect(listFigures({ rounds: [...calm, round(900, 10, 0.5)] })).toMatchObject({ largeMs: 21, disturbed: false });
    const disturbed = listFigures({ rounds: [...calm.slice(1), round(900, 10, 0.5)] });
    expect(disturbed).toMatchObject({ largeMs: 22, disturbed: true, time: 'must', isGrowthKept: false });
  });

  it('misses what takes longer than promised, however little it grows', () => {
    expect(listFigures({ rounds: [round(101, 100)] })).toMatchObject({ time: 'missed', isGrowthKept: true });
  });
});
