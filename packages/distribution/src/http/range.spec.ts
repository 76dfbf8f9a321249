import { describe, expect, it } from 'vitest';
import { Random } from '../testing/random.ts';
import { parseContentRange, parseCount, parseRange } from './range.ts';

describe('parseRange', () => {
  it('never leaves the blob, never sends more than the blob, and keeps the order', () => {
    const random = new Random(11);
    const number = () =>
      random.pick(['', '0', '1', '5', '99', '100', '101', '4096', '99999999999999999999', 'x', ' 1']);
    const seen = new Set<string>();
    for (let round = 0; round < 30_000; round++) {
      const size = random.pick([0, 1, 2, 100, 4096]);
      const specs = random.list(4, () => `${number()}${random.pick(['-', '-', '-', '', '--'])}${number()}`);
      const header = `${random.pick(['bytes', 'BYTES', 'items', ''])}${random.pick(['=', '=', ' '])}${specs.join(random.pick([',', ', ']))}`;
      const request = parseRange(header, size);
      seen.add(request.kind);
      if (request.kind !== 'ranges') continue;
      expect(request.ranges.length).toBeGreaterThan(0);
      let total = 0;
      for (const { start, end } of request.ranges) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThan(size);
        expect(start).toBeLessThanOrEqual(end);
        total += end - start + 1;
      }
      if (request.ranges.length > 1) expect(total).toBeLessThanOrEqual(size);
      expect(request.several).toBe(specs.length > 1);
    }
    expect(seen).toEqual(new Set(['all', 'unsatisfiable', 'ranges']));
  });

  it('reads first-last, first-, and -length as RFC 9110 does', () => {
    const single = (header: string, size: number) => {
      const request = parseRange(header, size);
      return request.kind === 'ranges' ? request.ranges[0] : request.kind;
    };
    expect(single('bytes=0-0', 10)).toEqual({ start: 0, end: 0 });
    expect(single('bytes=9-', 10)).toEqual({ start: 9, end: 9 });
    expect(single('bytes=-3', 10)).toEqual({ start: 7, end: 9 });
    expect(single('bytes=-30', 10)).toEqual({ start: 0, end: 9 });
    expect(single('bytes=10-', 10)).toBe('unsatisfiable');
    expect(single('bytes=0-', 0)).toBe('unsatisfiable');
    expect(single('bytes=-1', 0)).toBe('unsatisfiable');
  });
});

describe('parseContentRange', () => {
  it('reads what chunks carry and refuses everything else', () => {
    expect(parseContentRange(undefined)).toBeUndefined();
    expect(parseContentRange('0-0')).toEqual({ start: 0, end: 0 });
    expect(parseContentRange('1048576-2097151')).toEqual({ start: 1_048_576, end: 2_097_151 });
    for (const text of [
      '',
      '-',
      '5',
      '5-',
      '-5',
      '5-4',
      ' 0-1',
      '0 - 1',
      '0-1/2',
      'bytes 0-1',
      '0x1-2',
      '0-1e3',
      `0-${2 ** 53}`,
    ]) {
      expect(() => parseContentRange(text), text).toThrow('Content-Range');
    }
  });
});

describe('parseCount', () => {
  it('takes digits only and never loses its way in large ones', () => {
    expect(parseCount('')).toBeUndefined();
    expect(parseCount('007')).toBe(7);
    expect(parseCount('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseCount('99999999999999999999')).toBe(Number.MAX_SAFE_INTEGER);
    for (const text of ['-1', '+1', '1.0', '1e3', ' 1', '１', '0'.repeat(21)])
      expect(parseCount(text), text).toBeNull();
  });
});
