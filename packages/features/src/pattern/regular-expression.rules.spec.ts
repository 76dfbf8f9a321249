import { describe, expect, it } from 'vitest';
import { regularExpressionMatcher } from './regular-expression.rules.ts';

describe('a regular expression', () => {
  it('is found anywhere unless it says where', () => {
    expect(regularExpressionMatcher('v[0-9]+')('release-v12-rc')).toBe(true);
    expect(regularExpressionMatcher('^v[0-9]+$')('release-v12-rc')).toBe(false);
    expect(regularExpressionMatcher('^team-(red|blue)$')('team-blue')).toBe(true);
  });

  it('takes no longer where backtracking would never end', () => {
    expect(regularExpressionMatcher('^(a+)+$')(`${'a'.repeat(20_000)}b`)).toBe(false);
  });

  it.each(['(', '[a', 'a**', '(?=a)', '\\1', 'a'.repeat(1025)])('%j is refused', (source) => {
    expect(() => regularExpressionMatcher(source)).toThrow(/regular expression/);
  });
});
