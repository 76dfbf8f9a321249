import { describe, expect, it } from 'vitest';
import { warningHeaders } from './warning.ts';

describe('warningHeaders', () => {
  it('gives the one form that clients show (T14)', () => {
    expect(warningHeaders(['quota at 90 %'])).toEqual(['Warning', '299 - "quota at 90 %"']);
    expect(warningHeaders([])).toEqual([]);
  });

  it('escapes quotes and lets nothing break out of the header (S105)', () => {
    expect(warningHeaders(['a "b" \\ c\r\nX: y é'])).toEqual(['Warning', '299 - "a \\"b\\" \\\\ c??X: y ?"']);
  });

  it('stays below 4,096 bytes over all headers', () => {
    const values = warningHeaders(Array.from({ length: 10 }, () => 'x'.repeat(1000))).filter(
      (_, index) => index % 2 === 1,
    );
    expect(values).toHaveLength(4);
    expect(values.join('').length).toBeLessThanOrEqual(4096);
  });
});
