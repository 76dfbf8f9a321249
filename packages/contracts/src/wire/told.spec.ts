import { describe, expect, it } from 'vitest';
import { ACCESS_REASON_TEXTS } from '../access/access-reason-texts.ts';
import { FEDERATION_CHECK_TEXTS } from '../federation/federation-check-texts.ts';
import { SOURCE_CHECK_TEXTS } from '../identity-source/source-check-texts.ts';
import { tell } from './told.ts';

describe('a sentence with a code', () => {
  it('holds its values where they belong, and nothing of them is read as a place again', () => {
    const texts = { both: '{first} and {second} and {first}' };
    expect(tell(texts, 'both', { first: '{second}', second: '$&' })).toEqual({
      code: 'both',
      values: { first: '{second}', second: '$&' },
      text: '{second} and $& and {second}',
    });
    expect(tell(texts, 'both', { first: 'a' }).text).toBe('a and {second} and a');
  });

  it('has a code of letters and dashes, and places that can be filled', () => {
    for (const texts of [SOURCE_CHECK_TEXTS, FEDERATION_CHECK_TEXTS, ACCESS_REASON_TEXTS]) {
      for (const [code, text] of Object.entries(texts)) {
        expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect([code, text.replaceAll(/\{[a-z]+\}/g, '')]).toEqual([code, expect.not.stringMatching(/[{}]/)]);
      }
    }
  });
});
