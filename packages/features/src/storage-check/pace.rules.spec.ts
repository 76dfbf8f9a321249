import { expect, it } from 'vitest';
import { freeAfter } from './pace.rules.ts';

it('keeps a pace over everything that is taken, however it comes in lumps', () => {
  let freeAt = 0;
  for (let now = 0; now < 10_000; now += 500) freeAt = freeAfter(freeAt, now, 700, 1000);
  expect(freeAt).toBe(20 * 700);
  // After a rest only a little is caught up with.
  expect(freeAfter(freeAt, 60_000, 1, 1000)).toBe(60_000 - 100 + 1);
});

it('has no pace at 0, and keeps to one that is set meanwhile', () => {
  expect(freeAfter(90_000, 5, 1_000_000, 0)).toBe(5);
  expect(freeAfter(5, 5, 100, 50)).toBe(2_005);
});
