import type { FederationCheck, FederationCondition } from '@moorage/contracts';
import { federationCheck } from './federation-check.rules.ts';
import { globMatcher, type Matcher } from '../pattern/index.ts';

/** The part of a rule that decides on tokens. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  readonly conditions: readonly FederationCondition[];
}

type Claims = Readonly<Record<string, unknown>>;

const MAX_SHOWN = 10;
const MAX_SHOWN_LENGTH = 255;
const MAX_ANCHORS = 500;
const MAX_DEPTH = 4;

/** Asks a rule about claims, one answer a question. */
export function checkTrust(trust: Trust, claims: Claims): FederationCheck[] {
  return [checkAudience(trust, claims), ...trust.conditions.map((condition) => checkCondition(condition, claims))];
}

function checkAudience({ audience }: Trust, claims: Claims): FederationCheck {
  const actual = textsOf(claims.aud);
  const passed = actual.includes(audience);
  const found = passed
    ? federationCheck('audience', true, 'audience-fits', { audience })
    : federationCheck('audience', false, 'audience-other', { audience, actual: list(actual) });
  return { ...found, claim: 'aud', expected: [audience], actual: shown(actual) };
}

function checkCondition({ claim, match, values }: FederationCondition, claims: Claims): FederationCheck {
  const actual = textsOf(claimOf(claims, claim));
  const accepts = matcherOf(match, values);
  const passed = actual.some(accepts);
  const told = { claim, actual: list(passed ? actual.filter(accepts) : actual), wanted: list(values) };
  const isMissing = actual.length === 0;
  const refusal =
    match === 'glob'
      ? isMissing
        ? 'condition-no-claim-match'
        : 'condition-not-matched'
      : isMissing
        ? 'condition-no-claim-equal'
        : 'condition-not-equal';
  const found = federationCheck('condition', passed, passed ? 'condition-met' : refusal, told);
  return { ...found, claim, expected: [...values], actual: shown(actual) };
}

/** Whether a claim may have a value. Globs are read anew each time: they are short, and tokens few. */
function matcherOf(match: FederationCondition['match'], values: readonly string[]): Matcher {
  if (match === 'equals') return (text) => values.includes(text);
  const globs = values.map((value) => globMatcher(value));
  return (text) => globs.some((matches) => matches(text));
}

/**
 * What a claim's path leads to. Names may hold `/` themselves (`oidc.circleci.com/project-id`), so the longest name that
 * exists is taken first.
 */
export function claimOf(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const name = path.slice(0, end);
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (isRecord(value)) return claimOf(value, path.slice(end + 1));
  }
  return undefined;
}

/**
 * What a token must say for a rule to be worth reading: one of these, or nothing in particular when the list is empty.
 * Taken from the first condition with fixed values.
 */
export function anchorsOf(conditions: readonly FederationCondition[]): string[] {
  const fixed = conditions.find(({ match }) => match === 'equals');
  return fixed ? fixed.values.map((value) => `${fixed.claim}=${value}`) : [];
}

/** Everything a token says, as anchors: at most {@link MAX_ANCHORS}. */
export function anchorsIn(claims: Claims, prefix = '', depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  return Object.entries(claims)
    .flatMap(([name, value]) => {
      const path = `${prefix}${name}`;
      return isRecord(value)
        ? anchorsIn(value, `${path}/`, depth + 1)
        : textsOf(value).map((text) => `${path}=${text}`);
    })
    .filter((anchor) => !anchor.includes('\0'))
    .slice(0, MAX_ANCHORS);
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return (value as unknown[]).slice(0, 100).flatMap(textsOf);
  if (typeof value === 'string') return [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

function shown(values: readonly string[]): string[] {
  return values.slice(0, MAX_SHOWN).map((value) => value.slice(0, MAX_SHOWN_LENGTH));
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'nobody' : shown(values).join(' or ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
