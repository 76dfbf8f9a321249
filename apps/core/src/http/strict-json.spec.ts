import { expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

it('reads texts the database can hold', () => {
  expect(parse('{"a":["\\ud83d\\ude00","😀"]}')).toEqual({ a: ['😀', '😀'] });
});

it.each([
  ['{"a":"x\\u0000"}', 'NUL'],
  ['{"a\\u0000":1}', 'NUL'],
  ['{"a":[{"b":"\\ud800"}]}', 'surrogate'],
  ['{"a":"\\ude00\\ud83d"}', 'surrogate'],
  ['{"\\udfff":1}', 'surrogate'],
])('S101 refuses %s, which it cannot: %s', (text, reason) => expect(() => parse(text)).toThrow(reason));
