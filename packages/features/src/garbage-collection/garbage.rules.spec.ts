import { describe, expect, it } from 'vitest';
import { batchFor, NO_STRAIN, pauseAfter, rangesOf, strainAfter } from './garbage.rules.ts';

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
    expect(pauseAfter(400, 500, 0)).toBe(160);
    expect(pauseAfter(400, 500, 500)).toBe(600);
    expect(pauseAfter(400, 500, 10_000)).toBe(160);
    expect(pauseAfter(100, 1, 0.5)).toBe(1900);
    expect(pauseAfter(400, 0, 10)).toBe(160);
  });

  it('gives way while statements take longer than usual: smaller batches, longer pauses', () => {
    const usual = strainAfter(NO_STRAIN, 100, 500);
    expect(usual).toEqual({ usualMs: 0.2, times: 1 });
    // Some are slower than others.
    expect(strainAfter(usual, 125, 500).times).toBe(1);
    const slow = strainAfter(usual, 300, 500);
    expect(slow.times).toBeCloseTo(3);
    expect(batchFor(0, 500, slow)).toBe(250);
    expect(batchFor(100, 500, slow)).toBe(100);
    expect(batchFor(0, 500, { usualMs: 1, times: 1.6 })).toBe(313);
    expect(pauseAfter(300, 500, 0, slow)).toBeCloseTo(300 * 0.4 * 9);
    expect(strainAfter(usual, 10_000, 500).times).toBe(4);
    expect(batchFor(0, 1, slow)).toBe(1);
    expect(strainAfter(slow, 100, 500).times).toBe(1);
    // What stays slow becomes usual after a while.
    let strain = usual;
    for (let batch = 0; batch < 30; batch++) strain = strainAfter(strain, 300, 500);
    expect(strain.times).toBe(1);
    expect(strainAfter(usual, 300, 0)).toBe(usual);
    expect(strainAfter(strainAfter(NO_STRAIN, 0, 500), 300, 500).times).toBe(1);
  });
});
