import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher, regularExpressionMatcher } from './index.ts';
import { globOracle, writtenOut } from './testing/glob-oracle.ts';

const PATTERNS = 20_000;
const NAMES_OF_EACH = 50;

/** Few characters, so that many names match; upper and lower case, and more bytes than one. */
const character = fc.constantFrom(...'abA1.-_é🐳');
const piece: fc.Arbitrary<string> = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    character,
    fc.constantFrom('*', '**', '**/', '/', '?', '[ab]', '[^a]', '[!a-c1]', '[.-]', '[a-z🐳]', '\\*', '\\[', '\\a'),
    fc
      .array(fc.array(tie('piece'), { maxLength: 2 }), { minLength: 1, maxLength: 2 })
      .map((branches) => `{${branches.map((branch) => branch.join('')).join(',')}}`),
  ),
})).piece;
const part = fc.oneof(
  { weight: 5, arbitrary: fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')) },
  { weight: 2, arbitrary: fc.constant('**') },
  { weight: 1, arbitrary: fc.constantFrom('{a,b/a}', '{**,a}', '{a/**,b}', '{a,{**,b/**}}') },
);
/** Stars directly beside braces mean what they mean where they are written, not what they would be put together. */
const pattern = fc
  .array(part, { maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((glob) => !/\}[{*]|\*\{/.test(glob));
const name = fc.string({
  unit: fc.oneof({ weight: 4, arbitrary: character }, { weight: 1, arbitrary: fc.constant('/') }),
  maxLength: 8,
});

/** A name that may well match: wildcards filled in with something. */
function nameLike(written: readonly string[], fill: readonly string[]): string {
  let at = 0;
  return written
    .join('')
    .replaceAll(/\\(.)/gu, '$1')
    .replaceAll(/\*\*\/?|\*|\?|\[[^\]]*\]/gu, (wild) => {
      const text = fill[at++ % fill.length] as string;
      return wild === '**/' ? `${text}/` : text;
    });
}

describe('S82 a glob', () => {
  it('means what its description says, on 1,000,000 random pairs', () => {
    const wrong: string[] = [];
    let matches = 0;
    const samples = fc.sample(
      fc.tuple(pattern, fc.array(name, { minLength: NAMES_OF_EACH, maxLength: NAMES_OF_EACH })),
      PATTERNS,
    );
    for (const [glob, names] of samples) {
      const matcher = globMatcher(glob);
      const oracle = globOracle(glob);
      const plain = writtenOut([...glob]);
      names.forEach((random, index) => {
        const like = plain[index % plain.length] as string[];
        const text = index % 2 === 0 ? random : nameLike(like, names.slice(index - 1, index + 2));
        const expected = oracle(text);
        if (expected) matches++;
        if (matcher(text) !== expected) wrong.push(`${glob} on ${text}: ${!expected}`);
      });
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(matches).toBeGreaterThan(100_000);
  }, 240_000);
});

/** Shapes that take backtracking matchers exponential or cubic time, in many sizes. */
const HOSTILE_GLOBS = [
  (n: number) => `${'*a'.repeat(n)}b`,
  (n: number) => `${'a*'.repeat(n)}b`,
  (n: number) => `${'**/'.repeat(Math.min(n, 80))}b`,
  (n: number) => `${'?*'.repeat(n)}b`,
  (n: number) => `${'[a-z]*'.repeat(Math.ceil(n / 3))}!`,
  (n: number) => `${'{a,a*}'.repeat(Math.ceil(n / 3))}b`,
  (n: number) => `${'{a,{a,{a,aa}}}'.repeat(Math.ceil(n / 7))}b`,
  (n: number) => `${'*/**/'.repeat(Math.ceil(n / 3))}b`,
];
const HOSTILE_EXPRESSIONS = [
  (n: number) => `(${'a?'.repeat(n)})${'a'.repeat(n)}b`,
  (n: number) => `${'('.repeat(n)}a+${')+'.repeat(n)}$`,
  (n: number) => `(a|aa)+${'b?'.repeat(n)}$`,
  (n: number) => `(.*a){1,${n}}b`,
  (n: number) => `(a*)*${'a*'.repeat(n)}b`,
  (n: number) => `((a|b)*|(a|c)*){1,${n}}d`,
];

describe('S83 more than 500 hostile patterns', () => {
  const LONG = ['a'.repeat(4_000), 'a/'.repeat(2_000), `${'ab'.repeat(2_000)}!`];

  it('are no matter to globs: time grows with the name only', () => {
    const globs = HOSTILE_GLOBS.flatMap((make) => Array.from({ length: 50 }, (_, n) => make(n + 1)));
    expect(globs.length).toBeGreaterThanOrEqual(400);
    // A matcher that went back and forth would not end within the lifetime of the machine.
    for (const glob of globs) {
      const matcher = globMatcher(glob);
      for (const long of LONG) expect(typeof matcher(long)).toBe('boolean');
    }
  }, 240_000);

  it('are no matter to regular expressions', () => {
    const expressions = HOSTILE_EXPRESSIONS.flatMap((make) => Array.from({ length: 20 }, (_, n) => make(n + 1)));
    expect(expressions.length).toBeGreaterThanOrEqual(100);
    for (const expression of expressions) {
      const matcher = regularExpressionMatcher(expression);
      for (const long of LONG) expect(typeof matcher(long.slice(0, 300))).toBe('boolean');
    }
  }, 240_000);
});
