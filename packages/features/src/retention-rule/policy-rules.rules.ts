import {
  AppError,
  type HarborRetentionRule,
  type HarborRuleRequest,
  type RetentionRule,
  type RetentionRuleRequest,
} from '@moorage/contracts';
import { ruleFromHarbor, ruleToHarbor } from './harbor-rule.rules.ts';
import { ruleMatcher } from './rule-matcher.rules.ts';

/**
 * The rules of a policy as they are stored: each with an id of its own, which rules that are known keep. Throws
 * BAD_REQUEST for a pattern, range or id that cannot be, CONFLICT for two rules that say the same.
 */
export function numberedRules(
  asked: readonly RetentionRuleRequest[],
  present: readonly RetentionRule[],
): RetentionRule[] {
  const known = new Set(present.map(({ id }) => id));
  const taken = new Set<number>();
  let last = Math.max(0, ...known);
  const rules = asked.map(({ id, ...fields }) => {
    const isKept = id !== undefined && known.has(id) && !taken.has(id);
    const given = isKept ? id : ++last;
    taken.add(given);
    return { ...fields, id: given };
  });
  for (const rule of rules) ruleMatcher(rule, 0);
  refuseTwins(rules);
  return rules;
}

/**
 * The rules after a change in Harbor's shape: these first, then those of the present ones that shape cannot show. A rule
 * that comes back as it was shown stays as it is. Throws as {@link numberedRules}.
 */
export function rulesAfterHarbor(
  asked: readonly HarborRuleRequest[],
  present: readonly RetentionRule[],
): RetentionRule[] {
  const shown = new Map(present.map((rule) => [rule.id, ruleToHarbor(rule)]));
  const unseen = present.filter(({ id }) => shown.get(id) === null);
  const changed = asked.map((request): RetentionRuleRequest => {
    const rule = ruleFromHarbor(request);
    const { id } = request;
    const before = present.find((candidate) => candidate.id === id);
    if (before === undefined || !shown.get(before.id)) return rule;
    const isSame = sameInHarbor(shown.get(before.id) ?? null, ruleToHarbor({ ...rule, id: before.id }));
    return isSame ? before : { ...rule, id: before.id, name: before.name };
  });
  return numberedRules([...changed, ...unseen], present);
}

/** The labels rules speak of. */
export function labelsOf(rules: readonly { readonly select: RetentionRule['select'] }[]): number[] {
  return [...new Set(rules.flatMap(({ select }) => select.labels.map(({ label_id }) => label_id)))];
}

function sameInHarbor(one: HarborRetentionRule | null, other: HarborRetentionRule | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function refuseTwins(rules: readonly RetentionRule[]): void {
  const seen = new Map<string, number>();
  rules.forEach(({ id: _id, name: _name, ...meaning }, index) => {
    const text = JSON.stringify(meaning, sortedKeys);
    const twin = seen.get(text);
    if (twin !== undefined) {
      throw new AppError('CONFLICT', `rules[${index}] says the same as rules[${twin}]; take one of them out.`);
    }
    seen.set(text, index);
  });
}

/** For texts that do not depend on the order in which fields were written. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
