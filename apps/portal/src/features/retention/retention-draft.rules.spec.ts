import { expect, test } from 'vitest';
import {
  draftsOf,
  firstBlank,
  moved,
  type PolicyDraft,
  policyOf,
  RULE_STARTS,
  startOfRule,
} from './retention-draft.rules.ts';

const drafts = RULE_STARTS.map((start, key) => startOfRule(start, key));
const policy: PolicyDraft = { unit: 'artifact', confirmShare: null, rules: drafts };

test('a rule comes back from the API as it was sent', () => {
  const sent = policyOf(policy);
  const back = policyOf({ ...policy, rules: draftsOf(sent.rules.map((rule, index) => ({ ...rule, id: index + 1 }))) });
  expect(back.rules).toEqual(sent.rules.map((rule, index) => ({ ...rule, id: index + 1 })));
});

test('a regular expression stays one', () => {
  const [rule = startOfRule('blank', 0)] = drafts;
  const tags = [{ key: 0, excludes: true, pattern: ' ^v1 ', regex: true }];
  expect(policyOf({ ...policy, rules: [{ ...rule, tags }] }).rules[0]?.select.tags).toEqual([
    { kind: 'regex', excludes: true, pattern: '^v1' },
  ]);
});

test('a pattern left blank is found by its field', () => {
  expect(firstBlank(policy)).toBeNull();
  const rule = { ...startOfRule('old', 4), tags: [{ key: 2, excludes: false, pattern: ' ' }] };
  expect(firstBlank({ ...policy, rules: [...drafts, rule] })).toBe('rule-4-tags-2');
});

test('rules change places with their neighbours and stay within the list', () => {
  const keys = (rules: readonly { key: number }[]) => rules.map((rule) => rule.key);
  expect(keys(moved(drafts, 1, -1))).toEqual([1, 0, 2, 3, 4, 5]);
  expect(keys(moved(drafts, 0, -1))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(keys(moved(drafts, 5, 1))).toEqual([0, 1, 2, 3, 4, 5]);
});
