import { describe, expect, it } from 'vitest';
import { forecastOf, quotaState } from './growth.rules.ts';

const NOW = new Date('2026-05-20T00:00:00Z');
const days = (...storage: number[]) =>
  storage.map((bytes, index) => ({
    day: new Date(NOW.getTime() - (storage.length - 1 - index) * 86_400_000).toISOString().slice(0, 10),
    storage: bytes,
    count: 0,
  }));

describe('the forecast', () => {
  it('needs three days', () => {
    expect(forecastOf(days(1, 2), 100, NOW)).toBeNull();
  });

  it('follows the line that fits the days', () => {
    expect(forecastOf(days(0, 30, 40, 70), 160, NOW)).toEqual({
      storage_per_day: 22,
      full_at: new Date(NOW.getTime() + (90 / 22) * 86_400_000),
    });
  });

  it('sees no end where nothing grows, nothing is limited or the end is ten years away', () => {
    expect(forecastOf(days(50, 50, 40), 100, NOW)).toMatchObject({ full_at: null });
    expect(forecastOf(days(1, 2, 3), -1, NOW)).toEqual({ storage_per_day: 1, full_at: null });
    expect(forecastOf(days(1, 2, 3), 1_000_000, NOW)).toMatchObject({ full_at: null });
  });

  it('says now where it is full already', () => {
    expect(forecastOf(days(9, 10, 11), 10, NOW)).toMatchObject({ full_at: NOW });
  });

  it('judges by the last month only', () => {
    const old = Array.from({ length: 40 }, (_, index) => (index < 9 ? index * 1000 : 5));
    expect(forecastOf(days(...old), 100, NOW)).toMatchObject({ storage_per_day: 0 });
  });
});

describe('the state of a quota', () => {
  const quota = { hardBytes: 100, usedBytes: 0, softBytes: null, hardArtifacts: -1, usedArtifacts: 0 };
  it.each([
    [{ ...quota, usedBytes: 84 }, 'ok'],
    [{ ...quota, usedBytes: 85 }, 'warning'],
    [{ ...quota, usedBytes: 100 }, 'full'],
    [{ ...quota, usedBytes: 99, softBytes: -1 }, 'ok'],
    [{ ...quota, usedBytes: 10, softBytes: 10 }, 'warning'],
    [{ ...quota, hardBytes: -1, usedBytes: 10, softBytes: 10 }, 'warning'],
    [{ ...quota, hardBytes: -1, usedBytes: 10 ** 15 }, 'ok'],
    [{ ...quota, hardArtifacts: 3, usedArtifacts: 3 }, 'full'],
  ] as const)('%j is %s', (levels, state) => {
    expect(quotaState(levels, 85)).toBe(state);
  });
});
