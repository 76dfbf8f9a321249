import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globExpression, globMatcher } from './index.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

/** Characters that mean something to globs, to regular expressions, or to names; few, so that many pairs match. */
const CHARACTERS = [...'ab/.-_19*?[]{},!^\\|$()+é🐳\n'];
const text = fc.string({ unit: fc.constantFrom(...[...'ab/.-1{}é🐳\n']), maxLength: 8 });
const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '/',
    '.',
    '-',
    '**',
    '**/',
    '/**',
    '*',
    '?',
    '[a-b]',
    '[^a]',
    '[.-9]',
    '{a,b}',
    '{a,{b,}}',
    '\\*',
  ),
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 3 }),
);
const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

describe('a glob in SQL', () => {
  it('S82 decides as the automaton does, on 100,000 random pairs', async () => {
    const pairs = fc.sample(fc.tuple(pattern, text), 100_000).flatMap(([glob, name]) => {
      const matcher = readable(glob);
      return matcher ? [{ glob, name, expression: globExpression(glob), expected: matcher(name) }] : [];
    });
    const rows = await test.database.query<{ matches: boolean }>(
      `select name ~ expression as matches
       from unnest($1::text[], $2::text[]) with ordinality as pair (name, expression, place) order by place`,
      [pairs.map((pair) => pair.name), pairs.map((pair) => pair.expression)],
    );
    const wrong = pairs.filter((pair, index) => rows[index]?.matches !== pair.expected);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(pairs.filter((pair) => pair.expected).length).toBeGreaterThan(1_000);
    expect(pairs.length).toBeGreaterThan(50_000);
  });
});

function readable(glob: string) {
  try {
    return globMatcher(glob);
  } catch {
    return null;
  }
}
