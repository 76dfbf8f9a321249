import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  artifactParams,
  ignored,
  parseStrictInteger,
  pathId,
  queryFlag,
  queryTexts,
  repositoryName,
  time,
} from './fields.ts';

describe('strict integers', () => {
  it.each(['1', '42', '2147483647'])('reads %j', (text) => {
    expect(parseStrictInteger(text)).toBe(Number(text));
    expect(pathId.parse(text)).toBe(Number(text));
  });

  it('takes no id that no row can have', () => {
    expect(parseStrictInteger('9007199254740991')).toBe(9_007_199_254_740_991);
    expect(pathId.safeParse('2147483648').success).toBe(false);
  });

  it.each([
    '',
    '0',
    '01',
    '-1',
    '+1',
    '1.0',
    '1e0',
    ' 1',
    '1 ',
    '1\n',
    '0x1',
    '１',
    '9007199254740992',
    '99999999999999999999',
  ])('refuses %j', (text) => {
    expect(parseStrictInteger(text)).toBeNaN();
    expect(pathId.safeParse(text).success).toBe(false);
  });

  it('refuses what is neither text nor a number', () => {
    for (const value of [undefined, null, ['1'], { toString: () => '1' }, true, 1.5, 0, Number.NaN])
      expect(z.object({ id: pathId }).safeParse({ id: value }).success, String(value)).toBe(false);
  });
});

describe('repository names in paths', () => {
  it('takes the second encoding off and accepts a name encoded once', () => {
    expect(repositoryName.parse('team%2Fapp')).toBe('team/app');
    expect(repositoryName.parse('team/app')).toBe('team/app');
  });

  it.each([
    '%',
    '%zz',
    '%E0%A4%A',
    '..%2F..%2Fetc',
    'team//app',
    '%252e%252e',
    'Team',
    'a%00b',
    'a%2F',
    '',
    'a'.repeat(256),
    '%61'.repeat(300),
  ])('refuses %j without throwing', (text) => {
    expect(repositoryName.safeParse(text).success).toBe(false);
  });
});

it('takes a tag or a digest as reference, nothing else', () => {
  const accepts = (reference: string) =>
    artifactParams.safeParse({ project_name: 'p', repository_name: 'r', reference }).success;
  expect(accepts('v1.0')).toBe(true);
  expect(accepts(`sha256:${'a'.repeat(64)}`)).toBe(true);
  expect(accepts(`sha512:${'0'.repeat(128)}`)).toBe(true);
  expect(accepts(`sha256:${'A'.repeat(64)}`)).toBe(false);
  expect(accepts(`md5:${'a'.repeat(32)}`)).toBe(false);
  expect(accepts('.hidden')).toBe(false);
  expect(accepts('a'.repeat(129))).toBe(false);
});

it('reads flags of a query', () => {
  expect(['true', 'false', '1', '0', true].map((value) => queryFlag.parse(value))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
  expect(queryFlag.safeParse('yes').success).toBe(false);
  expect(queryFlag.safeParse('').success).toBe(false);
});

it('reads a repeated parameter, single or many, within its bounds', () => {
  const scopes = queryTexts(10);
  expect(scopes.parse('a')).toEqual(['a']);
  expect(scopes.parse(['a', 'b'])).toEqual(['a', 'b']);
  expect(scopes.safeParse('a'.repeat(11)).success).toBe(false);
  expect(scopes.safeParse(Array.from({ length: 65 }, () => 'a')).success).toBe(false);
});

it('answers times as ISO 8601', () => {
  expect(time.parse(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  expect(time.parse('1970-01-01T00:00:00.000Z')).toBe('1970-01-01T00:00:00.000Z');
});

it('drops ignored keys of a strict object', () => {
  const body = z.strictObject({ name: z.string(), legacy: ignored('old') });
  expect(body.parse({ name: 'a', legacy: { admin: true } })).toEqual({ name: 'a' });
  expect(body.parse({ name: 'a' })).toEqual({ name: 'a' });
  expect(body.safeParse({ name: 'a', other: 1 }).success).toBe(false);
});
