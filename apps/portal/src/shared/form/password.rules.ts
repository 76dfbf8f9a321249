import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@moorage/contracts';

/** The product's password rules one by one (AUTH-7), to tick while a password is typed. `checkPassword` has the last word. */
export const PASSWORD_RULES = ['length', 'upper', 'lower', 'digit'] as const;
export type PasswordRule = (typeof PASSWORD_RULES)[number];

export function passwordMeets(rule: PasswordRule, password: string): boolean {
  switch (rule) {
    case 'length': {
      const length = [...password].length;
      return length >= MIN_PASSWORD_LENGTH && length <= MAX_PASSWORD_LENGTH;
    }
    case 'upper':
      return /\p{Lu}/u.test(password);
    case 'lower':
      return /\p{Ll}/u.test(password);
    case 'digit':
      return /[0-9]/.test(password);
  }
}
