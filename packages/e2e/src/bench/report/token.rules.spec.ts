import { describe, expect, it } from 'vitest';
import type { TokenResult } from '../token/result.ts';
import { brokenAnswers, tokenFailures } from './token.rules.ts';

const sample = (failures: number, facts: object = {}) => ({ failures, value: 120, p99Ms: 40, peakMb: 200, ...facts });

function result(facts: object = {}): TokenResult {
  const good = {
    missing: [],
    rows: [{ id: 'token-robot', sample: sample(0) }],
    guessing: { guessStatuses: { 401: 60, 503: 40 }, alone: sample(0), beside: sample(0) },
    wave: [{ title: 'robots', p99Ms: 400, statuses: { 200: 9990, 429: 10 } }],
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

  it('S13 R44 names every promise that was missed, and by how much', () => {
    const rows = [
      { id: 'token-local-first', sample: sample(0, { value: 20 }) },
      { id: 'token-ldap-first', sample: sample(0, { value: 89 }) },
      { id: 'token-ldap-later', sample: sample(0, { value: 100 }) },
    ];
    const guessing = {
      guessStatuses: { 401: 60 },
      alone: sample(0),
      beside: sample(0, { p99Ms: 80, peakMb: 351 }),
    };
    const wave = [
      { title: 'robots', p99Ms: 1001, statuses: { 200: 10 } },
      { title: 'local passwords', p99Ms: 9000, statuses: { 200: 10 } },
    ];
    expect(tokenFailures(result({ rows, guessing, wave }))).toEqual([
      'token-ldap-first: 89 a second, must be 100',
      'S13: robots are 2.0 times as slow beside guesses, must be below 2',
      'S13: guesses take 151 MB, may take 150',
      'R44: robots wait 1001 ms in the wave, may wait 1000',
    ]);
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
