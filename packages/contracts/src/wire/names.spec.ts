import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  checkComment,
  checkEmail,
  checkPassword,
  checkProjectName,
  checkRealname,
  checkRepositoryName,
  checkRobotName,
  checkTagName,
  checkUsername,
  errorCodeOfIssues,
  type NameCheck,
  named,
} from './names.ts';

const cases: readonly [string, NameCheck, readonly string[], readonly string[]][] = [
  [
    'project names',
    checkProjectName,
    ['a', '1', 'team-a', 'a.b_c-d', '007', 'a'.repeat(255)],
    ['', 'A', 'a--b', 'a..b', '-a', 'a-', 'a b', 'a/b', 'a+b', 'ä', 'a\n', 'a'.repeat(256)],
  ],
  ['robot names', checkRobotName, ['ci', 'ci.main_1-x'], ['', 'CI', 'a+b', 'robot$ci', 'a__b']],
  [
    'user names',
    checkUsername,
    ['admin', 'Zoë', 'a b', 'x@example.com', '\\', 'a'.repeat(255)],
    ['', ' a', 'a ', 'a,b', 'a"b', 'a~b', 'a#b', 'a%b', 'a$b', 'a\u0000b', 'a\nb', 'a'.repeat(256)],
  ],
  ['full names', checkRealname, ['Ada Lovelace', '李 四'], ['', 'a,b', 'a$b', 'a\tb', 'a'.repeat(256)]],
  [
    'e-mail addresses',
    checkEmail,
    ['a@b', 'a.b+c@example.co.uk', 'x@sub-1.example.museum'],
    [
      '',
      'a',
      '@b',
      'a@',
      'a@b@c',
      'a@-b',
      'a@b-',
      'a@b..c',
      'a b@c',
      'a@b c',
      `${'a'.repeat(65)}@b`,
      `a@${'b'.repeat(254)}`,
    ],
  ],
  ['comments', checkComment, ['', 'a'.repeat(30)], ['a'.repeat(31)]],
  [
    'repository names',
    checkRepositoryName,
    ['a', 'a/b/c', 'a__b', 'a---b', 'a.b/c_d'],
    ['', '/', 'a/', '/a', 'a//b', 'a___b', 'a._b', 'A', 'a/..', 'a'.repeat(256)],
  ],
  ['tags', checkTagName, ['latest', '_a', 'V1.0-rc.1'], ['', '.a', '-a', 'a/b', 'a:b', 'a\n', 'a'.repeat(129)]],
];

describe.each(cases)('%s', (_what, check, good, bad) => {
  it.each(good)('accepts %j', (value) => {
    expect(check(value)).toBeNull();
  });
  it.each(bad)('refuses %j with a sentence', (value) => {
    expect(check(value)).toMatch(/^[A-Z].*\.$/);
  });
});

describe('passwords', () => {
  it.each(['Abcdefg1', `Aa1${'x'.repeat(125)}`, `Aa1${'😀'.repeat(125)}`, 'Pass word 1', 'Ünïcödé1'])(
    'accepts %j',
    (value) => {
      expect(checkPassword(value)).toBeNull();
    },
  );

  it.each([
    ['7 characters', 'Abcdef1'],
    ['129 characters', `Aa1${'x'.repeat(126)}`],
    ['no upper case', 'abcdefg1'],
    ['no lower case', 'ABCDEFG1'],
    ['no digit', 'Abcdefgh'],
    ['1,025 bytes', `Aa1${'x'.repeat(1022)}`],
  ])('refuses %s', (_why, value) => {
    expect(checkPassword(value)).not.toBeNull();
  });

  it('takes time linear in the length of hostile input', () => {
    expect(checkPassword('a'.repeat(10_000_000))).toContain('1024 bytes');
    expect(checkEmail(`${'a.'.repeat(1_000_000)}@b`)).not.toBeNull();
    expect(checkRepositoryName('a_'.repeat(1_000_000))).not.toBeNull();
  });
});

it('answers broken name rules with 400 and broken bounds with 422', () => {
  const body = z.strictObject({ name: named(checkProjectName), size: z.int() });
  const codeOf = (value: unknown) => errorCodeOfIssues(body.safeParse(value).error?.issues ?? []);
  expect(codeOf({ name: 'A', size: 1 })).toBe('BAD_REQUEST');
  expect(codeOf({ name: 'a', size: 'x' })).toBe('UNPROCESSABLE_ENTITY');
  expect(codeOf({ name: 'A', size: 'x' })).toBe('UNPROCESSABLE_ENTITY');
  expect(codeOf({ name: 1, size: 1 })).toBe('UNPROCESSABLE_ENTITY');
  expect(codeOf({ name: 'a', size: 1, more: true })).toBe('UNPROCESSABLE_ENTITY');
});
