import type { RetentionRule } from '@moorage/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from './candidate.ts';
import { PLAIN_SELECT } from './plain-rule.ts';
import { type ArtifactDecision, RepositoryEvaluation } from './repository-evaluation.rules.ts';
import { ruleMatcher } from './rule-matcher.rules.ts';

const DAY = 86_400_000;
const NOW = 1000 * DAY;

type RuleInput = Partial<Omit<RetentionRule, 'select'>> & { select?: Partial<RetentionRule['select']> };

function rule(input: RuleInput): RetentionRule {
  return {
    id: 1,
    name: '',
    disabled: false,
    action: 'retain',
    repositories: [],
    newest: null,
    claims: false,
    priority: 0,
    ...input,
    select: { ...PLAIN_SELECT, ...input.select },
  };
}

/** An artifact with tags such as `v1`, or `v1@12` for one that was pushed on day 12. */
function artifact(id: number, tags: readonly string[], more: Partial<Candidate> & { day?: number } = {}): Candidate {
  const { day = id, ...rest } = more;
  return {
    id,
    digest: `sha256:${id}`,
    type: 'IMAGE',
    artifactType: '',
    size: 100,
    pushedAt: day * DAY,
    untaggedAt: day * DAY,
    pulledAt: null,
    labels: [],
    isHeld: false,
    isPart: false,
    tags: tags.map((text) => {
      const [name = '', at] = text.split('@');
      return {
        name,
        pushedAt: (at === undefined ? day : Number(at)) * DAY,
        pulledAt: null,
        isImmutable: name.startsWith('fixed'),
      };
    }),
    ...rest,
  };
}

function evaluate(
  candidates: readonly Candidate[],
  rules: readonly RetentionRule[],
  unit: 'artifact' | 'tag' = 'artifact',
  repository = 'app',
): ArtifactDecision[] {
  const matchers = rules.map((one) => ruleMatcher(one, NOW));
  const evaluation = new RepositoryEvaluation(matchers, unit, repository);
  for (const candidate of candidates) evaluation.survey(candidate);
  return candidates.map((candidate) => evaluation.decide(candidate));
}

/** `+v1 rule1` for a tag that stays by rule 1, `-…` for one that goes. */
function outcome(decisions: readonly ArtifactDecision[]): string[] {
  return decisions.flatMap(({ candidate, items }) =>
    items.map(
      ({ tag, isDeleted, reason, ruleId }) =>
        `${isDeleted ? '-' : '+'}${tag ?? `#${candidate.id}`} ${reason === 'rule' ? `rule${ruleId}` : reason}`,
    ),
  );
}

const glob = (pattern: string, excludes = false) => ({ kind: 'glob' as const, excludes, pattern });

describe('what the rules decide about a repository', () => {
  it('retains the newest artifacts, however many tags each has, and deletes the rest', () => {
    const candidates = [artifact(1, ['a']), artifact(2, ['b', 'b2', 'b3']), artifact(3, ['c'])];
    const rules = [rule({ newest: { count: 2, by: 'pushed', per: 'repository' } })];
    expect(outcome(evaluate(candidates, rules))).toEqual([
      '-a not-retained',
      '+b rule1',
      '+b2 rule1',
      '+b3 rule1',
      '+c rule1',
    ]);
  });

  it('S84 deletes nothing without rules, with disabled ones, and where the rules that retain match nothing', () => {
    const candidates = [artifact(1, ['a']), artifact(2, [])];
    expect(outcome(evaluate(candidates, []))).toEqual(['+a not-covered', '+#2 not-covered']);
    const disabled = rule({ disabled: true, newest: { count: 0, by: 'pushed', per: 'repository' } });
    expect(outcome(evaluate(candidates, [disabled]))).toEqual(['+a not-covered', '+#2 not-covered']);
    const elsewhere = rule({ repositories: [glob('other')] });
    expect(outcome(evaluate(candidates, [elsewhere]))).toEqual(['+a not-covered', '+#2 not-covered']);
    const mistyped = rule({ select: { tagged: 'tagged', tags: [glob('relaese-*')] } });
    expect(outcome(evaluate(candidates, [mistyped]))).toEqual(['+a nothing-matches', '+#2 nothing-matches']);
  });

  it('deletes what a matching rule does not retain by its age', () => {
    const candidates = [artifact(1, ['a'], { day: 990 }), artifact(2, ['b'], { day: 900 })];
    const rules = [rule({ select: { pushed_within_days: 10 } })];
    expect(outcome(evaluate(candidates, rules))).toEqual(['+a rule1', '-b not-retained']);
  });

  it('counts a push as a use until the first pull', () => {
    const candidates = [
      artifact(1, ['fresh'], { day: 995 }),
      artifact(2, ['used'], { day: 100, pulledAt: 998 * DAY }),
      artifact(3, ['idle'], { day: 100, pulledAt: 900 * DAY }),
    ];
    const rules = [rule({ select: { pulled_within_days: 7 } })];
    expect(outcome(evaluate(candidates, rules))).toEqual(['+fresh rule1', '+used rule1', '-idle not-retained']);
  });

  it('S84 keeps what is immutable, held or part of an index', () => {
    const candidates = [
      artifact(1, ['fixed-1']),
      artifact(2, ['held'], { isHeld: true }),
      artifact(3, [], { isPart: true }),
      artifact(4, ['gone']),
    ];
    const rules = [rule({ action: 'delete' })];
    for (const unit of ['artifact', 'tag'] as const) {
      expect(outcome(evaluate(candidates, rules, unit))).toEqual([
        '+fixed-1 immutable',
        '+held held',
        '+#3 referenced',
        '-gone rule1',
      ]);
    }
  });

  it('keeps the siblings of a tag that stays, or decides each tag by itself', () => {
    const candidates = [artifact(1, ['pr-1', 'v1']), artifact(2, ['pr-2'])];
    const rules = [rule({ action: 'delete', select: { tagged: 'tagged', tags: [glob('pr-*')] } })];
    expect(outcome(evaluate(candidates, rules, 'artifact'))).toEqual([
      '+pr-1 sibling',
      '+v1 not-covered',
      '-pr-2 rule1',
    ]);
    const single = evaluate(candidates, rules, 'tag');
    expect(outcome(single)).toEqual(['-pr-1 rule1', '+v1 not-covered', '-pr-2 rule1']);
    expect(single.map(({ isDeleted }) => isDeleted)).toEqual([false, true]);
  });

  it('lets keep rules win over delete rules whatever their order', () => {
    const candidates = [artifact(1, ['v1']), artifact(2, ['dev'])];
    const rules = [
      rule({ id: 1, action: 'delete' }),
      rule({
        id: 2,
        action: 'keep',
        select: { tagged: 'tagged', tags: [{ kind: 'regex', excludes: false, pattern: '^v[0-9]' }] },
      }),
    ];
    expect(outcome(evaluate(candidates, rules))).toEqual(['+v1 rule2', '-dev rule1']);
  });

  it('keeps the newest of each minor version, by version', () => {
    const tags = ['1.0.0', '1.0.9', '1.0.10', 'v1.1.0', '1.1.1-rc.1', '2.0.0', 'latest'];
    const candidates = tags.map((tag, index) => artifact(index + 1, [tag]));
    const rules = [rule({ action: 'delete', newest: { count: 1, by: 'version', per: 'minor' } })];
    expect(outcome(evaluate(candidates, rules, 'tag'))).toEqual([
      '-1.0.0 rule1',
      '-1.0.9 rule1',
      '+1.0.10 not-covered',
      '-v1.1.0 rule1',
      '+1.1.1-rc.1 not-covered',
      '+2.0.0 not-covered',
      '+latest not-covered',
    ]);
  });

  it.each([
    ['>=1.1 <2', 'include', ['v1.1.0', '1.1.1-rc.1']],
    ['>=1.1 <2', 'exclude', ['v1.1.0']],
    ['*', 'only', ['1.1.1-rc.1']],
    ['2.x || 1.0.9', 'include', ['1.0.9', '2.0.0']],
  ] as const)('selects versions %s, prereleases: %s', (range, prereleases, expected) => {
    const tags = ['1.0.0', '1.0.9', 'v1.1.0', '1.1.1-rc.1', '2.0.0', 'latest', '3'];
    const rules = [rule({ action: 'delete', select: { versions: { range, prereleases } } })];
    const gone = evaluate(
      tags.map((tag, index) => artifact(index + 1, [tag])),
      rules,
      'tag',
    ).filter((one) => one.isDeleted);
    expect(gone.map(({ items }) => items[0]?.tag)).toEqual(expected);
  });

  it('selects by label, type, size and time without a tag', () => {
    const candidates = [
      artifact(1, ['labelled'], { labels: [7] }),
      artifact(2, ['chart'], { type: 'CHART' }),
      artifact(3, ['large'], { size: 5000 }),
      artifact(4, [], { untaggedAt: 999 * DAY }),
      artifact(5, [], { untaggedAt: 900 * DAY }),
    ];
    const gone = (select: RuleInput['select']) =>
      evaluate(candidates, [rule({ action: 'delete', select: select ?? {} })])
        .filter(({ isDeleted }) => isDeleted)
        .map(({ candidate }) => candidate.id);
    expect(gone({ labels: [{ label_id: 7, excludes: false }] })).toEqual([1]);
    expect(gone({ labels: [{ label_id: 7, excludes: true }], types: ['IMAGE'], tagged: 'tagged' })).toEqual([3]);
    expect(gone({ types: ['CHART', 'WASM'] })).toEqual([2]);
    expect(gone({ larger_than_bytes: 100 })).toEqual([3]);
    expect(gone({ tagged: 'untagged', pushed_before_days: 30 })).toEqual([5]);
  });
});

describe('any policy', () => {
  const name = fc.constantFrom('v1.0.0', 'v1.0.1', 'v1.1.0', 'v2.0.0', 'latest', 'pr-1', 'pr-2', 'fixed-1', 'dev');
  const candidate = fc
    .record({
      tags: fc.uniqueArray(fc.tuple(name, fc.nat(30)), { maxLength: 3, selector: ([tag]) => tag }),
      day: fc.nat(30),
      pulled: fc.option(fc.nat(30)),
      isHeld: fc.boolean(),
      isPart: fc.boolean(),
    })
    .map(({ tags, day, pulled, ...more }) => ({
      tags: tags.map(([tag, at]) => `${tag}@${970 + at}`),
      more: { ...more, day: 970 + day, pulledAt: pulled === null ? null : (970 + pulled) * DAY },
    }));
  const anyRule = fc
    .record({
      action: fc.constantFrom('retain', 'keep', 'delete'),
      disabled: fc.boolean(),
      claims: fc.boolean(),
      tagged: fc.constantFrom('any', 'tagged', 'untagged'),
      pattern: fc.option(fc.constantFrom('v*', 'pr-*', '*', '{latest,dev}')),
      newest: fc.option(
        fc.record({
          count: fc.nat(3),
          by: fc.constantFrom('pushed', 'pulled', 'version'),
          per: fc.constantFrom('repository', 'major', 'minor'),
        }),
      ),
      age: fc.option(fc.nat(30)),
    })
    .map(
      ({ tagged, pattern, age, ...rest }) =>
        (id: number) =>
          rule({
            ...rest,
            id,
            select: { tagged, tags: pattern === null ? [] : [glob(pattern)], pushed_before_days: age },
          }),
    );
  const scene = fc
    .record({
      candidates: fc.array(candidate, { maxLength: 8 }),
      rules: fc.array(anyRule, { maxLength: 4 }),
      unit: fc.constantFrom('artifact', 'tag'),
    })
    .map(({ candidates, rules, unit }) => ({
      candidates: candidates.map(({ tags, more }, index) => artifact(index + 1, tags, more)),
      rules: rules.map((make, index) => make(index + 1)),
      unit,
    }));

  it('S84 touches nothing that is immutable, held or part of an index, and gives every tag a decision', () => {
    fc.assert(
      fc.property(scene, ({ candidates, rules, unit }) => {
        for (const { candidate, items, isDeleted } of evaluate(candidates, rules, unit)) {
          expect(items.map(({ tag }) => tag)).toEqual(
            candidate.tags.length === 0 ? [null] : candidate.tags.map((tag) => tag.name),
          );
          if (candidate.isHeld) expect(items.some((item) => item.isDeleted)).toBe(false);
          if (candidate.isPart) expect(isDeleted).toBe(false);
          for (const [index, item] of items.entries()) {
            if (candidate.tags[index]?.isImmutable) expect(item.isDeleted).toBe(false);
          }
          if (unit === 'artifact') expect(new Set(items.map((item) => item.isDeleted)).size).toBe(1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps at least as much with one more keep rule, and does not depend on the order artifacts come in', () => {
    fc.assert(
      fc.property(scene, anyRule, ({ candidates, rules, unit }, make) => {
        const gone = (decisions: readonly ArtifactDecision[]) =>
          decisions.flatMap(({ candidate, items }) =>
            items.filter((item) => item.isDeleted).map((item) => `${candidate.id} ${item.tag}`),
          );
        const before = gone(evaluate(candidates, rules, unit));
        const more = [...rules, { ...make(99), action: 'keep' as const }];
        expect(before).toEqual(expect.arrayContaining(gone(evaluate(candidates, more, unit))));
        const backwards = gone(evaluate(candidates.toReversed(), rules, unit));
        expect(backwards.sort()).toEqual(before.sort());
      }),
      { numRuns: 2000 },
    );
  });
});
