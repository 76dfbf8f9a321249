import { describe, expect, it } from 'vitest';
import { isGuessablePassword } from './guessable-password.ts';

describe('S3 a password everyone tries first', () => {
  it.each([
    'Password1',
    'password1',
    'PASSWORD1!',
    '!Qwerty123',
    'Harbor12345',
    'Moorage12345',
    'Abc12345',
    'Welcome1',
  ])('is common: %s', async (password) => expect(await isGuessablePassword(password)).toBe(true));

  it('is common when it is only the name or address of its user', async () => {
    const names = ['Jane.Doe1', 'jane1990x@example.com'];
    for (const password of ['jane.doe1', 'JANE.DOE1', 'Jane1990x', 'Jane1990X@example.com']) {
      expect(await isGuessablePassword(password, names)).toBe(true);
    }
  });

  it.each(['Correct-horse-1', 'Wrong-Passw0rd', 'Zq7kfe2LmP', '--------Aa1'])('is not: %s', async (password) =>
    expect(await isGuessablePassword(password, ['jane'])).toBe(false),
  );
});
