import { expect, test } from 'vitest';
import { daysUpTo } from './day-bars.rules.ts';

test('every day of the span is there once, the last one is today', () => {
  const days = daysUpTo(new Date('2026-03-01T00:30:00Z'), 3, [
    { day: '2026-02-28', value: 4 },
    { day: '2020-01-01', value: 9 },
  ]);
  expect(days).toEqual([
    { day: '2026-02-27', value: 0 },
    { day: '2026-02-28', value: 4 },
    { day: '2026-03-01', value: 0 },
  ]);
});
