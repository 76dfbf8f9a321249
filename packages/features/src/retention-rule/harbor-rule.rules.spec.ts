import { AppError, type HarborRuleRequest, harborRetentionPolicyRequest } from '@moorage/contracts';
import { describe, expect, it } from 'vitest';
import { ruleFromHarbor, ruleToHarbor } from './harbor-rule.rules.ts';
import { PLAIN_SELECT } from './plain-rule.ts';
import { numberedRules, rulesAfterHarbor } from './policy-rules.rules.ts';

/** A rule as Harbor's portal sends it. */
function request(overrides: object = {}): HarborRuleRequest {
  const { rules } = harborRetentionPolicyRequest.parse({
    scope: { level: 'project', ref: 1 },
    rules: [
      {
        action: 'retain',
        template: 'latestPushedK',
        params: { latestPushedK: 7 },
        tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v*', extras: '{"untagged":true}' }],
        scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
        ...overrides,
      },
    ],
  });
  const [rule] = rules ?? [];
  if (!rule) throw new Error('the request has no rule');
  return rule;
}

const store = (rule: HarborRuleRequest) => ({ ...ruleFromHarbor(rule), id: 3 });

describe("a rule in Harbor's shape", () => {
  it.each([
    ['latestPushedK', 5],
    ['latestPulledN', 0],
    ['nDaysSinceLastPush', 30],
    ['nDaysSinceLastPull', 7],
    ['always', null],
  ] as const)('%s comes back as it was sent', (template, value) => {
    const params = value === null ? {} : { [template]: value };
    for (const decoration of ['matches', 'excludes'] as const) {
      for (const untagged of [true, false]) {
        const selector = { kind: 'doublestar', decoration, pattern: '{v*,rel*}', extras: JSON.stringify({ untagged }) };
        const sent = { template, params, priority: 4, disabled: true, tag_selectors: [selector] };
        expect(ruleToHarbor(store(request(sent)))).toMatchObject({ id: 3, ...sent });
      }
    }
  });

  it.each([
    ['matches', undefined, 'any'],
    ['matches', '{"untagged":false}', 'tagged'],
    ['excludes', undefined, 'any'],
    ['excludes', '{"untagged":true}', 'tagged'],
  ] as const)('%s with extras %s selects %s', (decoration, extras, tagged) => {
    const selector = { decoration, pattern: 'v*', ...(extras === undefined ? {} : { extras }) };
    expect(ruleFromHarbor(request({ tag_selectors: [selector] })).select.tagged).toBe(tagged);
  });

  it('takes defaults for missing parameters and refuses foreign or too large ones', () => {
    expect(ruleFromHarbor(request({ params: {} })).newest?.count).toBe(10);
    expect(ruleFromHarbor(request({ template: 'nDaysSinceLastPull', params: null })).select.pulled_within_days).toBe(
      30,
    );
    expect(() => ruleFromHarbor(request({ params: { latestPushedK: 32_767 } }))).toThrow(/at most 32766/);
    expect(() => ruleFromHarbor(request({ params: { lastXDays: 3 } }))).toThrow(/no parameter lastXDays/);
    const broken = request({ tag_selectors: [{ pattern: 'v*', extras: 'yes' }] });
    expect(() => ruleFromHarbor(broken)).toThrow(AppError);
  });

  it('cannot hold what Harbor has no words for', () => {
    const plain = store(request());
    expect(ruleToHarbor(plain)).not.toBeNull();
    for (const other of [
      { ...plain, action: 'delete' as const },
      { ...plain, select: { ...plain.select, larger_than_bytes: 5 } },
      { ...plain, select: { ...plain.select, tags: [{ kind: 'regex' as const, excludes: false, pattern: 'v' }] } },
      { ...plain, newest: { count: 1, by: 'version' as const, per: 'minor' as const } },
      { ...plain, select: { ...plain.select, tagged: 'untagged' as const } },
      { ...plain, select: { ...plain.select, pushed_within_days: 1 } },
    ]) {
      expect(ruleToHarbor(other)).toBeNull();
    }
  });
});

describe('a policy that is changed in both shapes', () => {
  const own = {
    name: 'untagged',
    disabled: false,
    action: 'delete' as const,
    repositories: [],
    select: { ...PLAIN_SELECT, tagged: 'untagged' as const, pushed_before_days: 7 },
    newest: null,
    claims: false,
    priority: 0,
  };

  it("keeps the rules that Harbor's clients do not see, and the names of those they do not change", () => {
    const present = numberedRules([own, { ...ruleFromHarbor(request()), name: 'releases' }], []);
    const seen = present.flatMap((rule) => ruleToHarbor(rule) ?? []);
    expect(seen).toHaveLength(1);
    expect(rulesAfterHarbor([{ ...request(), id: seen[0]?.id }], present)).toEqual([present[1], present[0]]);
    const replaced = rulesAfterHarbor([request({ params: { latestPushedK: 1 } })], present);
    expect(replaced.map(({ name, newest }) => [name, newest?.count])).toEqual([
      ['', 1],
      ['untagged', undefined],
    ]);
    expect(replaced[0]?.id).not.toBe(present[1]?.id);
  });

  it('refuses two rules that say the same, patterns that cannot be read, and ranges that are none', () => {
    expect(() => numberedRules([own, { ...own, name: 'again' }], [])).toThrow(/rules\[1\] says the same as rules\[0\]/);
    expect(() => rulesAfterHarbor([request(), request()], [])).toThrow(/says the same/);
    const broken = {
      ...own,
      select: { ...own.select, tags: [{ kind: 'glob' as const, excludes: false, pattern: '{a' }] },
    };
    expect(() => numberedRules([broken], [])).toThrow(/rule 1 \(untagged\): The pattern/);
    const range = { ...own, select: { ...own.select, versions: { range: 'newest', prereleases: 'include' as const } } };
    expect(() => numberedRules([range], [])).toThrow(/newest is not a range of versions/);
  });
});
