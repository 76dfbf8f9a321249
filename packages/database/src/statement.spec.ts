import { describe, expect, it } from 'vitest';
import { allOf, anyOf, containing, joined, sql } from './statement.ts';

describe('sql', () => {
  it('turns values into parameters and statements into text', () => {
    const inner = sql`a = ${1}`;
    const outer = sql`select ${sql`b`} from t where ${inner} and c = ${"x' or 1=1 --"} or d = ${null}`;
    expect(outer.text).toBe('select b from t where a = $1 and c = $2 or d = $3');
    expect(outer.values).toEqual([1, "x' or 1=1 --", null]);
  });

  it('numbers the parameters of joined statements in order', () => {
    const list = joined([sql`a = ${1}`, sql`b`, sql`c = ${2} or d = ${3}`], ' and ');
    expect(list.text).toBe('a = $1 and b and c = $2 or d = $3');
    expect(list.values).toEqual([1, 2, 3]);
  });

  it('can be used twice', () => {
    const part = sql`x = ${7}`;
    expect(sql`${part} or ${part}`.text).toBe('x = $1 or x = $2');
  });

  it('has a truth value for no conditions', () => {
    expect(allOf([]).text).toBe('true');
    expect(anyOf([]).text).toBe('false');
  });
});

describe('containing', () => {
  it('takes LIKE wildcards literally', () => {
    expect(containing('a_b%c\\d')).toBe('%a\\_b\\%c\\\\d%');
  });
});
