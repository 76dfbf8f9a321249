import { describe, expect, it } from 'vitest';
import { batchFor, pauseAfter, rangesOf } from './garbage.rules.ts';

const rest = Buffer.alloc(32, 7);

describe('the parts of a collection', () => {
  it.each([1, 2, 3, 7, 10])('hold every digest once when there are %i', (workers) => {
    const ranges = Array.from({ length: workers }, (_, part) => rangesOf({ part, workers })).flat();
    for (const algorithm of [0x12, 0x13]) {
      for (let byte = 0; byte < 256; byte++) {
        const digest = Buffer.concat([Buffer.from([algorithm, byte]), rest]);
        const holders = ranges.filter(
          ({ after, before }) => Buffer.compare(digest, after) > 0 && Buffer.compare(digest, before) < 0,
        );
        expect(holders).toHaveLength(1);
      }
    }
  });
});

describe('the pace of a collection', () => {
  it('is kept in steps of a second at most', () => {
    expect([0, 0.5, 3, 499.9, 500, 1e6].map((pace) => batchFor(pace, 500))).toEqual([500, 1, 3, 499, 500, 500]);
  });

  it('leaves a share of its time to others, and waits as long as the pace asks for', () => {
    expect(pauseAfter(400, 500, 0)).toBe(100);
    expect(pauseAfter(400, 500, 500)).toBe(600);
    expect(pauseAfter(400, 500, 10_000)).toBe(100);
    expect(pauseAfter(100, 1, 0.5)).toBe(1900);
    expect(pauseAfter(400, 0, 10)).toBe(100);
  });
});
