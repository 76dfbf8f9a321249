import { randomBytes } from 'node:crypto';
import { Secret } from '@moorage/config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyRing, SealError } from './key-ring.ts';

const ring = new KeyRing(new Secret(Buffer.alloc(32, 7)));
const place = { table: 'signing_keys', column: 'private_key', uid: 'k1' };

describe('KeyRing', () => {
  it('opens what it sealed, at the same place only', () => {
    const sealed = ring.seal(Buffer.from('secret'), place);
    expect(ring.open(sealed, place).toString()).toBe('secret');
    for (const other of [
      { ...place, uid: 'k2' },
      { ...place, column: 'public_jwk' },
      { ...place, table: 'robots' },
    ]) {
      expect(() => ring.open(sealed, other)).toThrow(SealError);
    }
  });

  it('S117 refuses a flipped bit, a cut, plaintext and another key', () => {
    const sealed = ring.seal(Buffer.from('secret'), place);
    for (let index = 0; index < sealed.length; index++) {
      const bent = Buffer.from(sealed);
      bent[index] = (bent[index] as number) ^ 1;
      expect(() => ring.open(bent, place)).toThrow(SealError);
    }
    for (const wrong of [sealed.subarray(0, -1), sealed.subarray(0, 12), Buffer.alloc(0), Buffer.from('c2VjcmV0')]) {
      expect(() => ring.open(wrong, place)).toThrow(SealError);
    }
    expect(() => new KeyRing(new Secret(randomBytes(32))).open(sealed, place)).toThrow(/another instance key/);
  });

  it('S9 gives different codes for parts that join alike, and for other purposes', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), (parts) => {
        const joined = [parts.join(''), ''];
        const same = joined.length === parts.length && joined.every((part, index) => part === parts[index]);
        expect(ring.mac('p', ...parts).equals(ring.mac('p', ...joined))).toBe(same);
        expect(ring.mac('p', ...parts).equals(ring.mac('q', ...parts))).toBe(false);
      }),
    );
  });

  it('refuses a key that is not 32 bytes (S10)', () => {
    for (const length of [0, 1, 16, 31, 33]) expect(() => new KeyRing(new Secret(Buffer.alloc(length)))).toThrow();
  });
});
