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
    expect(pauseAfter(400, 500, 0)).toBe(200);
    expect(pauseAfter(400, 500, 500)).toBe(600);
    expect(pauseAfter(400, 500, 10_000)).toBe(200);
    expect(pauseAfter(100, 1, 0.5)).toBe(1900);
    expect(pauseAfter(400, 0, 10)).toBe(200);
  });

  it('gives way while statements take longer than usual: smaller batches, longer pauses', () => {
    const usual = strainAfter(NO_STRAIN, 100, 500);
    expect(usual).toEqual({ usualMs: 0.2, times: 1 });
    const slow = strainAfter(usual, 300, 500);
    expect(slow.times).toBeCloseTo(3 / 1.05);
    expect(batchFor(0, 500, { usualMs: 1, times: 2.5 })).toBe(200);
    expect(batchFor(100, 500, slow)).toBe(100);
    expect(pauseAfter(300, 500, 0, slow)).toBeCloseTo(150 * slow.times ** 2);
    expect(strainAfter(usual, 10_000, 500).times).toBe(4);
    expect(batchFor(0, 1, { usualMs: 1, times: 4 })).toBe(1);
    // Quicker than ever is the new measure at once; what stays slow becomes usual after a while.
    expect(strainAfter(slow, 50, 500)).toEqual({ usualMs: 0.1, times: 1 });
    let strain = usual;
    for (let batch = 0; batch < 30; batch++) strain = strainAfter(strain, 300, 500);
    expect(strain.times).toBe(1);
    expect(strainAfter(usual, 300, 0)).toBe(usual);
    expect(strainAfter(NO_STRAIN, 0, 500).times).toBe(1);
  });
});
