import { describe, expect, it } from 'vitest';
import type { TokenResult } from '../token/result.ts';
import { brokenAnswers, tokenFailures } from './token.rules.ts';

const sample = (failures: number) => ({ failures });

function result(facts: object = {}): TokenResult {
  const good = {
    missing: [],
    rows: [{ id: 'token-robot', sample: sample(0) }],
    guessing: { guessStatuses: { 401: 60, 503: 40 }, alone: sample(0), beside: sample(0) },
    wave: [{ title: 'robots', statuses: { 200: 9990, 429: 10 } }],
  };
  return { ...good, ...facts } as unknown as TokenResult;
}

describe('brokenAnswers', () => {
  it('counts server errors and broken connections, not refusals', () => {
    expect(brokenAnswers({ 200: 7, 401: 3, 429: 2 })).toBe(0);
    expect(brokenAnswers({ 0: 1, 200: 7, 500: 2, 503: 4 })).toBe(7);
  });
});

describe('tokenFailures', () => {
  it('finds nothing where guesses are refused and the wave is served or slowed', () => {
    expect(tokenFailures(result())).toEqual([]);
  });

  it('R44 names a wave with a server error', () => {
    const wave = [{ title: 'robots', statuses: { 200: 9999, 503: 1 } }];
    expect(tokenFailures(result({ wave }))).toEqual(['wave, robots: 1 answers of 5xx or none']);
  });

  it('names requests without token, and wrong passwords that were taken', () => {
    const rows = [{ id: 'token-local', sample: sample(3) }];
    const guessing = { guessStatuses: { 200: 1 }, alone: sample(0), beside: sample(2) };
    expect(tokenFailures(result({ rows, guessing }))).toEqual([
      'token-local: 3 without token',
      'robots beside guesses: 2 without token',
      '1 wrong passwords were taken',
    ]);
  });
});
