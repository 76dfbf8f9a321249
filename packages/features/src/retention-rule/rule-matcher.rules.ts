import { AppError, type NameCondition, type RetentionRule } from '@moorage/contracts';
import { globMatcher, type Matcher, regularExpressionMatcher } from '../pattern/index.ts';
import type { Candidate, Item } from './candidate.ts';
import { type Version, versionMatcher } from './version.rules.ts';

const DAY_MS = 86_400_000;

/** A rule that can be asked. */
export interface RuleMatcher {
  readonly rule: RetentionRule;
  /** Whether the rule is about a repository, named without its project. */
  readonly appliesTo: (repository: string) => boolean;
  /** Whether an item is what the rule is about: tag, version, label, type. Not yet its age, use and size. */
  readonly covers: (candidate: Candidate, item: Item) => boolean;
  /** Whether age, use and size are as the rule says. */
  readonly isWithin: (candidate: Candidate, item: Item) => boolean;
}

/** Makes a rule ready, for decisions at a moment (milliseconds). Throws BAD_REQUEST, with the rule, for what cannot be read. */
export function ruleMatcher(rule: RetentionRule, now: number): RuleMatcher {
  try {
    return {
      rule,
      appliesTo: allNames(rule.repositories),
      covers: coverage(rule),
      isWithin: limits(rule, now),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const name = rule.name === '' ? '' : ` (${rule.name})`;
    throw new AppError(error.code, `rule ${rule.id}${name}: ${error.message}`);
  }
}

/** All conditions together; true for none. */
function allNames(conditions: readonly NameCondition[]): Matcher {
  const matchers = conditions.map(nameMatcher);
  return (name) => matchers.every((matches) => matches(name));
}

function nameMatcher({ kind, pattern, excludes }: NameCondition): Matcher {
  const matches = kind === 'glob' ? globMatcher(pattern) : regularExpressionMatcher(pattern);
  return excludes ? (name) => !matches(name) : matches;
}

function coverage({ select, newest }: RetentionRule): RuleMatcher['covers'] {
  const { tagged, types, artifact_types: artifactTypes, labels } = select;
  const isNamed = allNames(select.tags);
  const needed = select.has_tags.map((glob) => globMatcher(glob));
  const isVersion = versionCheck(select, newest);
  return (candidate, item) => {
    const { tag } = item;
    if (tag === null ? tagged === 'tagged' : tagged === 'untagged') return false;
    if (types.length > 0 && !types.includes(candidate.type)) return false;
    if (artifactTypes.length > 0 && !artifactTypes.includes(candidate.artifactType)) return false;
    if (!labels.every(({ label_id, excludes }) => candidate.labels.includes(label_id) !== excludes)) return false;
    if (tag !== null && !isNamed(tag.name)) return false;
    if (isVersion !== null && !isVersion(item.version)) return false;
    return needed.every((matches) => candidate.tags.some(({ name }) => matches(name)));
  };
}

/** Null when the rule does not ask for versions; ordering by version does. */
function versionCheck(
  select: RetentionRule['select'],
  newest: RetentionRule['newest'],
): ((version: Version | null) => boolean) | null {
  if (select.versions !== null) {
    const isMeant = versionMatcher(select.versions);
    return (version) => version !== null && isMeant(version);
  }
  const isOrdered = newest !== null && (newest.by === 'version' || newest.per !== 'repository');
  return isOrdered ? (version) => version !== null : null;
}

function limits({ select }: RetentionRule, now: number): RuleMatcher['isWithin'] {
  const pushedFrom = daysBefore(now, select.pushed_within_days);
  const pushedUntil = daysBefore(now, select.pushed_before_days);
  const usedFrom = daysBefore(now, select.pulled_within_days);
  const usedUntil = daysBefore(now, select.not_pulled_for_days);
  const { larger_than_bytes: above, smaller_than_bytes: below } = select;
  return ({ size }, { pushedAt, usedAt }) =>
    (pushedFrom === null || pushedAt >= pushedFrom) &&
    (pushedUntil === null || pushedAt <= pushedUntil) &&
    (usedFrom === null || usedAt >= usedFrom) &&
    (usedUntil === null || usedAt <= usedUntil) &&
    (above === null || size > above) &&
    (below === null || size < below);
}

function daysBefore(now: number, days: number | null): number | null {
  return days === null ? null : now - days * DAY_MS;
}
