import { describe, expect, it } from 'vitest';
import { Query } from './query.ts';

describe('Query', () => {
  it('keeps a plus sign and decodes percent escapes', () => {
    const query = Query.parse('artifactType=application/a+json&artifactType=application%2Fb%2Bjson&x=%E2%98%83');
    expect(query.all('artifactType')).toEqual(['application/a+json', 'application/b+json']);
    expect(query.one('x')).toBe('☃');
  });

  it('tells absent, empty and repeated parameters apart', () => {
    const query = Query.parse('a&b=&c=1&c=1&d=1&d=2&&e=x=y');
    expect([query.one('a'), query.one('b'), query.one('c'), query.one('e'), query.one('z')]).toEqual([
      '',
      '',
      '1',
      'x=y',
      undefined,
    ]);
    expect(() => query.one('d')).toThrow('twice');
    expect(query.all('d')).toEqual(['1', '2']);
  });

  it.each(['a=%', 'a=%g0', 'a=%ff', '%=1'])('refuses %s', (text) => {
    expect(() => Query.parse(text)).toThrow('escape');
  });

  it('writes itself with replacements, safe for a header', () => {
    const query = Query.parse('n=1&last=x&ns=a%0d%0ab&y=%3E%3B%22');
    expect(query.with({ last: 'v1.0+b', n: '2' })).toBe('ns=a%0D%0Ab&y=%3E%3B%22&last=v1.0%2Bb&n=2');
  });
});
