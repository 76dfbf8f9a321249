import { checkPassword } from '@moorage/contracts';
import { describe, expect, it } from 'vitest';
import { equalSecrets, generateSecret, isGeneratedSecret } from './secret-text.rules.ts';

describe('generated secrets', () => {
  it('differ, satisfy the password rule and are recognised by prefix and checksum', () => {
    const secrets = Array.from({ length: 500 }, () => generateSecret('robot'));
    expect(new Set(secrets).size).toBe(500);
    for (const secret of secrets) {
      expect(checkPassword(secret)).toBeNull();
      expect(isGeneratedSecret('robot', secret)).toBe(true);
      expect(isGeneratedSecret('refresh', secret)).toBe(false);
    }
  });

  it('are not recognised once a letter differs', () => {
    const secret = generateSecret('refresh');
    const bent = secret.slice(0, 10) + (secret[10] === 'a' ? 'b' : 'a') + secret.slice(11);
    expect(isGeneratedSecret('refresh', bent)).toBe(false);
    expect(isGeneratedSecret('refresh', secret.slice(0, -1))).toBe(false);
  });
});

describe('equalSecrets', () => {
  it('S7 compares texts of any length without throwing', () => {
    expect(equalSecrets('a', 'a')).toBe(true);
    expect(equalSecrets('a', 'ab')).toBe(false);
    expect(equalSecrets('', 'a')).toBe(false);
    expect(equalSecrets(Buffer.from('x'), 'x')).toBe(true);
  });
});
