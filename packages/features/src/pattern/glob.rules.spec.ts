import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher } from './glob.rules.ts';

describe('a glob', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['*', 'abc', true],
    ['*', '', true],
    ['*', 'a/b', false],
    ['a*c', 'abbbc', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['**', 'a/b/c', true],
    ['**', '', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['**/c', 'a/b/c', true],
    ['**/c', 'c', true],
    ['**/c', 'abc', false],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/x/y/c', true],
    ['a**', 'ab', true],
    ['a**', 'a/b', false],
    ['v[0-9].*', 'v1.2', true],
    ['v[0-9].*', 'vx.2', false],
    ['[^a-c]', 'd', true],
    ['[!a-c]', 'b', false],
    ['[^a]', '/', false],
    ['[a-]', '-', true],
    ['{dev,test-*}', 'test-1', true],
    ['{dev,test-*}', 'prod', false],
    ['{a,{b,c}}d', 'cd', true],
    ['{,v}1', '1', true],
    ['{a,**}', 'x/y', true],
    ['{**,a}/b', 'b', true],
    ['{**,a}/b', 'x/y/b', true],
    ['{**,a}/b', 'xb', false],
    ['{x,{y,**}}/b', 'b', true],
    ['{x/**,y}/b', 'x/b', true],
    ['{x/**,y}/b', 'x/z/b', true],
    ['{x/**,y}/b', 'y/z/b', false],
    ['x{**,a}/b', 'x/b', true],
    ['x{**,a}/b', 'x/y/b', false],
    ['{**,a}b', 'x/b', false],
    ['{a/,b/}**', 'b/x/y', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['release-{1,2}.?', 'release-2.7', true],
    ['🐳*', '🐳x', true],
    ['?', '🐳', true],
  ])('%j on %j says %s', (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected);
  });

  it.each([
    ['[a', 'not closed'],
    ['[]', 'empty'],
    ['[z-a]', 'range'],
    ['{a,b', 'not closed'],
    ['a\\', 'backslash'],
    ['{'.repeat(9), 'nests'],
    ['a'.repeat(257), 'at most 256'],
  ])('%j is refused', (pattern, reason) => {
    expect(() => globMatcher(pattern)).toThrow(reason);
  });

  it('matches every text written with all its characters escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const escaped = [...text].map((character) => `\\${character}`).join('');
        expect(globMatcher(escaped)(text)).toBe(true);
      }),
    );
  });

  it('takes no longer where backtracking would never end', () => {
    expect(globMatcher(`${'*a'.repeat(120)}b`)('a'.repeat(5_000))).toBe(false);
    expect(globMatcher(`${'**/'.repeat(80)}b`)('a/'.repeat(2_000))).toBe(false);
  });
});
