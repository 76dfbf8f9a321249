import { describe, expect, it } from 'vitest';
import { parseDigest } from './digest.ts';
import { isUploadId, parseReference, parseRepositoryName, parseTag } from './reference.ts';
import { Random } from './testing/random.ts';

/** The expressions of the distribution specification, as the independent opinion. */
const NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

describe('names, tags and digests', () => {
  it('are read exactly as the specification writes them', () => {
    const random = new Random(23);
    const letters = ['a', 'z', '0', '9', '.', '_', '-', '/', 'A', ':', ' ', '%', 'é', ''];
    let names = 0;
    for (let round = 0; round < 50_000; round++) {
      const text = random.list(9, () => random.pick(letters)).join('');
      expect(parseRepositoryName(text) !== null, text).toBe(NAME.test(text));
      expect(parseTag(text) !== null, text).toBe(TAG.test(text));
      if (NAME.test(text)) names++;
    }
    expect(names).toBeGreaterThan(1000);
  });

  it('have their limits (T4, T5)', () => {
    expect(parseRepositoryName('a'.repeat(255))).not.toBeNull();
    expect(parseRepositoryName('a'.repeat(256))).toBeNull();
    expect(parseTag('a'.repeat(128))).not.toBeNull();
    expect(parseTag('a'.repeat(129))).toBeNull();
    expect(isUploadId('a'.repeat(128))).toBe(true);
    expect(isUploadId('a'.repeat(129))).toBe(false);
  });

  it('accept digests of registered algorithms with exact length and case (T6, S69)', () => {
    const random = new Random(29);
    for (let round = 0; round < 5000; round++) {
      const length = random.pick([63, 64, 65, 127, 128, 129]);
      const hex = Array.from({ length }, () => random.pick([...'0123456789abcdef'])).join('');
      const text = `${random.pick(['sha256', 'sha512', 'sha384', 'md5', 'SHA256', 'toString', '__proto__', ''])}:${random.chance(0.1) ? hex.toUpperCase() : hex}`;
      expect(parseDigest(text) !== null, text).toBe(DIGEST.test(text));
    }
  });

  it('are told apart by the colon', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(parseReference(digest)).toEqual({ digest });
    expect(parseReference('latest')).toEqual({ tag: 'latest' });
    expect(parseReference('sha256:short')).toBeNull();
    expect(parseReference('')).toBeNull();
  });

  it('let no path into an upload id', () => {
    for (const id of ['', '.', '..', 'a/b', 'a.b', 'a\\b', 'a%2f', 'é', 'a b', 'a\0'])
      expect(isUploadId(id)).toBe(false);
    expect(isUploadId('0f8fad5b-d9cb-469f-a165-70867728950e')).toBe(true);
  });
});
