import type { FederationCondition } from '@moorage/contracts';
import { GITHUB_CLAIMS, KUBERNETES_CLAIMS } from '@moorage/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorsIn, anchorsOf, checkTrust, claimOf } from './trust.rules.ts';
import { refuseTrust } from './trust-limits.rules.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const trust = (...conditions: FederationCondition[]) => ({ issuer: GITHUB, audience: 'us', conditions });
const equals = (claim: string, ...values: string[]): FederationCondition => ({ claim, match: 'equals', values });
const glob = (claim: string, ...values: string[]): FederationCondition => ({ claim, match: 'glob', values });
const passes = (rule: ReturnType<typeof trust>, claims: object) =>
  checkTrust(rule, { aud: 'us', ...claims }).every(({ passed }) => passed);

describe('a claim', () => {
  it.each([
    [{ a: { b: 1 } }, 'a/b', 1],
    [{ 'a/b': 2, a: { b: 1 } }, 'a/b', 2],
    [{ 'x/y': { z: 3 } }, 'x/y/z', 3],
    [{ a: 'text' }, 'a/length', undefined],
    [{}, 'constructor', undefined],
    [{ a: {} }, 'a/__proto__', undefined],
    [KUBERNETES_CLAIMS, 'kubernetes.io/serviceaccount/name', 'builder'],
  ])('of %j at %s is %j', (claims, path, value) => {
    expect(claimOf(claims as Record<string, unknown>, path)).toEqual(value);
  });
});

describe('conditions', () => {
  it('must all hold, each by one of its values and one of the claims values', () => {
    expect(passes(trust(equals('repository', 'x/y', 'acme/app')), GITHUB_CLAIMS)).toBe(true);
    expect(passes(trust(equals('repository', 'acme/app'), equals('ref', 'refs/heads/dev')), GITHUB_CLAIMS)).toBe(false);
    expect(passes(trust(equals('groups', 'b')), { groups: ['a', 'b'] })).toBe(true);
    expect(passes(trust(equals('flag', 'true')), { flag: true })).toBe(true);
    expect(passes(trust(equals('count', '7')), { count: 7 })).toBe(true);
    expect(passes(trust(equals('nothing', 'null')), { nothing: null })).toBe(false);
    expect(passes(trust(equals('object', '[object Object]')), { object: {} })).toBe(false);
  });

  it('match globs within parts of a path', () => {
    expect(passes(trust(glob('ref', 'refs/heads/*')), { ref: 'refs/heads/main' })).toBe(true);
    expect(passes(trust(glob('ref', 'refs/heads/*')), { ref: 'refs/heads/feature/x' })).toBe(false);
    expect(passes(trust(glob('ref', 'refs/heads/**')), { ref: 'refs/heads/feature/x' })).toBe(true);
    expect(
      passes(trust(glob('sub', 'repo:acme/*:ref:refs/heads/main')), { sub: 'repo:acme/a:ref:refs/heads/main' }),
    ).toBe(true);
    expect(passes(trust(glob('repository', 'acme/app')), { repository: 'acme/app\n' })).toBe(false);
  });
});

it('a rule that holds is never left out by its anchors', () => {
  const names = fc.constantFrom('a', 'b', 'a/b', 'c');
  const value = fc.oneof(fc.constantFrom('x', 'y', 'a=x'), fc.boolean(), fc.integer({ min: 0, max: 3 }));
  const claims = fc.dictionary(names, fc.oneof(value, fc.array(value), fc.dictionary(names, value)));
  const condition = fc.record({
    claim: fc.constantFrom('a', 'b', 'a/b', 'a/c', 'a/b/c'),
    match: fc.constantFrom('equals' as const, 'glob' as const),
    values: fc.array(fc.constantFrom('x', 'y', 'a=x', 'true', '1', '*'), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(claims, fc.array(condition, { minLength: 1, maxLength: 3 }), (given, conditions) => {
      const anchors = anchorsOf(conditions);
      const isFound = anchors.length === 0 || anchors.some((anchor) => anchorsIn(given).includes(anchor));
      expect(isFound || !passes(trust(...conditions), given)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

describe('a rule of an issuer that serves everybody', () => {
  const refusal = (...conditions: FederationCondition[]) =>
    refuseTrust({ issuer: GITHUB, conditions, keys: '', caCertificate: '' });

  it.each([
    [equals('repository', 'acme/app')],
    [equals('repository_owner', 'acme')],
    [equals('repository_owner_id', '65')],
    [glob('repository', 'acme/*')],
    [glob('sub', 'repo:acme/*:environment:production')],
    [glob('sub', 'repository_owner_id:65:**')],
  ])('is sound with %j', (condition) => {
    expect(refusal(condition)).toBeNull();
  });

  it.each([
    [equals('ref', 'refs/heads/main')],
    [equals('actor', 'ada')],
    [equals('job_workflow_ref', 'acme/shared/.github/workflows/build.yml@refs/heads/main')],
    [glob('repository', 'acme*/app')],
    [glob('repository', '*/app')],
    [glob('repository', 'acme/app', '*/app')],
    [glob('repository_owner', 'acme*')],
    [glob('repository_id', '7*')],
    [glob('sub', 'repo:*')],
    [glob('sub', 'repo:acme*')],
    [glob('sub', '**')],
    [glob('repository', '{acme,evil}/app')],
    [glob('repository', '\\acme/app')],
  ])('is refused with only %j', (condition) => {
    expect(refusal(condition)).toMatch(/conditions:/);
  });
});
