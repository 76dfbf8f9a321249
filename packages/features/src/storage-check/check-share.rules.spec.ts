import type { Digest } from '@moorage/distribution';
import { expect, it } from 'vitest';
import { scanPercent, scrubPercent } from './check-share.rules.ts';

const at = (start: string, algorithm = 'sha256', length = 64) => `${algorithm}:${start.padEnd(length, '0')}` as Digest;
const last = at('f'.repeat(64));

it('tells from a digest how much of a check is done, and never that it has ended', () => {
  expect([null, at('0'), at('4'), at('80'), at('c'), last].map(scrubPercent)).toEqual([0, 0, 25, 50, 75, 99]);
  expect([null, at('4'), at('8'), last].map((after) => scanPercent('objects', after))).toEqual([0, 12, 25, 49]);
  expect([null, at('4'), at('8'), last].map((after) => scanPercent('rows', after))).toEqual([50, 62, 75, 99]);
  const large = at('0', 'sha512', 128);
  expect([scrubPercent(large), scanPercent('objects', large), scanPercent('rows', large)]).toEqual([99, 50, 99]);
});
