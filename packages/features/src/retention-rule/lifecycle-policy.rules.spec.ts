import { AppError, type RetentionRule } from '@moorage/contracts';
import { describe, expect, it } from 'vitest';
import type { Candidate } from './candidate.ts';
import { exportLifecyclePolicy } from './lifecycle-export.rules.ts';
import { importLifecyclePolicy } from './lifecycle-import.rules.ts';
import { PLAIN_SELECT } from './plain-rule.ts';
import { numberedRules } from './policy-rules.rules.ts';
import { RepositoryEvaluation } from './repository-evaluation.rules.ts';
import { ruleMatcher } from './rule-matcher.rules.ts';

const DAY = 86_400_000;

function ecrRule(rulePriority: number, selection: object, more: object = {}) {
  return { rulePriority, selection, action: { type: 'expire' }, ...more };
}
const count = (countNumber: number) => ({ countType: 'imageCountMoreThan', countNumber });
const age = (countNumber: number) => ({ countType: 'sinceImagePushed', countUnit: 'days', countNumber });
const prefix = (...tagPrefixList: string[]) => ({ tagStatus: 'tagged', tagPrefixList });

/** Which images an ECR policy expires; images are named, and given with their tags and age in days. */
function expired(
  rules: readonly object[],
  images: Readonly<Record<string, readonly [readonly string[], number]>>,
): string[] {
  const imported = numberedRules(importLifecyclePolicy({ rules }).rules, []);
  const evaluation = new RepositoryEvaluation(
    imported.map((rule) => ruleMatcher(rule, 1000 * DAY)),
    'artifact',
    'app',
  );
  const candidates = Object.entries(images).map(([name, [tags, days]], index): Candidate => {
    const pushedAt = (1000 - days) * DAY;
    return {
      id: index + 1,
      digest: name,
      type: 'IMAGE',
      artifactType: '',
      size: 1,
      pushedAt,
      untaggedAt: pushedAt,
      pulledAt: null,
      labels: [],
      isHeld: false,
      isPart: false,
      tags: tags.map((tag) => ({ name: tag, pushedAt, pulledAt: null, isImmutable: false })),
    };
  });
  for (const candidate of candidates) evaluation.survey(candidate);
  return candidates.filter((candidate) => evaluation.decide(candidate).isDeleted).map(({ digest }) => digest);
}

describe('a lifecycle policy of Amazon ECR', () => {
  const three = {
    A: [['beta-1', 'prod-1'], 10],
    B: [['beta-2', 'prod-2'], 9],
    C: [['beta-3'], 8],
  } as const;

  it("decides as in AWS's examples of several rules for one image", () => {
    const prodFirst = [ecrRule(1, { ...prefix('prod'), ...count(1) }), ecrRule(2, { ...prefix('beta'), ...count(1) })];
    expect(expired(prodFirst, three)).toEqual(['A']);
    const betaFirst = [ecrRule(1, { ...prefix('beta'), ...count(1) }), ecrRule(2, { ...prefix('prod'), ...count(1) })];
    expect(expired(betaFirst, three)).toEqual(['A', 'B']);
  });

  it('selects images that have a tag for every prefix, and any image last', () => {
    const images = {
      A: [['alpha-1'], 12],
      B: [['beta-1'], 11],
      C: [['alpha-2', 'beta-2'], 10],
      D: [['alpha-3'], 4],
      E: [['alpha-4', 'beta-4'], 9],
      F: [[], 20],
    } as const;
    expect(expired([ecrRule(1, { ...prefix('alpha', 'beta'), ...age(5) })], images)).toEqual(['C', 'E']);
    expect(expired([ecrRule(1, { tagStatus: 'any', ...count(1) })], images)).toEqual(['A', 'B', 'C', 'E', 'F']);
    expect(expired([ecrRule(1, { tagStatus: 'untagged', ...age(14) })], images)).toEqual(['F']);
    const claimed = [ecrRule(1, { ...prefix('alpha'), ...age(100) }), ecrRule(9, { tagStatus: 'any', ...age(10) })];
    expect(expired(claimed, images)).toEqual(['B', 'F']);
    const pattern = { tagStatus: 'tagged', tagPatternList: ['*-[14]', 'b*a-*'] };
    expect(() => expired([ecrRule(1, { ...pattern, ...age(1) })], images)).toThrow(/tagPatternList\[0\]/);
    expect(expired([ecrRule(1, { tagStatus: 'tagged', tagPatternList: ['*ta-4'], ...age(1) })], images)).toEqual(['E']);
  });

  it('comes back as it was read', () => {
    const rules = [
      ecrRule(1, { ...prefix('pr-', 'tmp-'), ...age(14) }, { description: 'Reviews' }),
      ecrRule(2, { tagStatus: 'tagged', tagPatternList: ['*-rc.*'], ...count(3) }),
      ecrRule(3, { tagStatus: 'untagged', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 2 }),
      ecrRule(4, { tagStatus: 'any', ...count(100) }),
    ];
    const read = importLifecyclePolicy({ rules: rules.toReversed() });
    expect(read.notes).toEqual([]);
    const written = exportLifecyclePolicy(numberedRules(read.rules, []));
    expect(written).toEqual({ lifecycle_policy: { rules }, notes: [] });
  });

  it('names every mistake with its place', () => {
    const rules = [
      ecrRule(1, { tagStatus: 'tagged', countType: 'imageCountMoreThan', countNumber: 0 }),
      ecrRule(1, { tagStatus: 'any', ...age(3), countUnit: 'hours', colour: 'red' }),
      { rulePriority: 3, selection: { tagStatus: 'untagged', ...count(40_000) }, action: { type: 'delete' } },
      ecrRule(4, { tagStatus: 'untagged', tagPrefixList: ['a'], tagPatternList: ['*a*b*c*d*e*'], ...count(1) }),
      'rule',
    ];
    const problem = caught(() => importLifecyclePolicy({ rules, version: 2 }));
    expect(problem.code).toBe('BAD_REQUEST');
    expect(problem.detail).toEqual([
      'version: is not a key of a lifecycle policy.',
      'rules[0].selection: tagStatus tagged needs a tagPrefixList or a tagPatternList that is not empty.',
      'rules[0].selection.countNumber: must be a whole number from 1 to 1000000.',
      'rules[1].selection.colour: is not a key of a lifecycle policy.',
      'rules[1].selection.countUnit: must be days with sinceImagePushed.',
      'rules[2].action.type: must be expire.',
      'rules[2].selection.countNumber: must be at most 32766 here with imageCountMoreThan.',
      'rules[3].selection.tagPrefixList: goes with tagStatus tagged only.',
      'rules[3].selection.tagPatternList: goes with tagStatus tagged only.',
      'rules[4]: must be an object.',
      'rules[1].rulePriority: 1 is the priority of rules[0] too.',
      'rules[1].rulePriority: a rule with tagStatus any must have the highest number.',
      'rules: only one rule may have tagStatus untagged.',
    ]);
    expect(() => importLifecyclePolicy({})).toThrow(/rules: must be a list/);
  });

  it('is read as the AWS command line prints it, and says for which repository it was', () => {
    const rules = [ecrRule(1, { tagStatus: 'any', ...count(100) })];
    const plain = importLifecyclePolicy({ $schema: 'https://example.com/lifecycle.json', rules });
    expect(plain.rules).toHaveLength(1);
    const printed = {
      registryId: '012345678901',
      repositoryName: 'team/app',
      lifecyclePolicyText: JSON.stringify({ $schema: 'x', rules }),
      lastEvaluatedAt: '2026-11-20T08:00:00+00:00',
    };
    expect(importLifecyclePolicy(printed)).toEqual({
      rules: plain.rules,
      notes: [{ path: 'repositoryName', text: expect.stringContaining('about team/app alone') as string }],
    });
    expect(importLifecyclePolicy({ lifecyclePolicyText: printed.lifecyclePolicyText })).toEqual(plain);
  });

  it('is refused precisely when it is wrapped otherwise', () => {
    const rules = [ecrRule(1, { tagStatus: 'any', ...count(100) })];
    const problems = (document: unknown) => caught(() => importLifecyclePolicy(document)).detail;
    const text = JSON.stringify({ rules });
    expect(problems({ rules, lifecyclePolicyText: text, $schema: 'x' })).toEqual(
      ['rules', '$schema'].map(
        (key) => `${key}: does not go with lifecyclePolicyText; send the policy, or what the AWS command line prints.`,
      ),
    );
    expect(problems({ rules, registryId: '012345678901' })).toEqual([
      'registryId: is not a key of a lifecycle policy.',
    ]);
    const notJson = 'lifecyclePolicyText: is not JSON; send it as the AWS command line prints it.';
    for (const broken of [text.slice(1), '', 7, null]) {
      expect(problems({ lifecyclePolicyText: broken })).toEqual([notJson]);
    }
    for (const other of [
      'null',
      '[]',
      '7',
      JSON.stringify(text),
      '{}',
      JSON.stringify({ lifecyclePolicyText: text }),
    ]) {
      expect(problems({ lifecyclePolicyText: other }), other).toEqual([
        expect.stringMatching(/^rules: must be a list of rules; send/),
      ]);
    }
    expect(problems({ $schema: 7, rules })).toEqual(['$schema: must be text.']);
    expect(problems({ lifecyclePolicyText: JSON.stringify({ rules: [{ ...rules[0], rulePriority: 0 }] }) })).toEqual([
      'rules[0].rulePriority: must be a whole number from 1 to 1000000.',
    ]);
  });

  it("is refused for rules about ECR's archive class, each with its key and what to do", () => {
    const untagged = { tagStatus: 'untagged' };
    const rules = [
      {
        rulePriority: 1,
        selection: { ...untagged, countType: 'sinceImagePulled', countUnit: 'days', countNumber: 30 },
        action: { type: 'transition', targetStorageClass: 'archive' },
      },
      ecrRule(2, { ...untagged, storageClass: 'archive', ...age(90) }),
      ecrRule(3, { tagStatus: 'any', countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 90 }),
      ecrRule(4, { ...untagged, storageClass: 'standard', ...age(90) }),
      ecrRule(
        5,
        { ...prefix('a'), storageClass: 'cold', ...age(1) },
        { action: { type: 'expire', targetStorageClass: 'a' } },
      ),
    ];
    const advice = 'and there is none here; take the rule out, or expire by sinceImagePushed or sinceImagePulled.';
    expect(caught(() => importLifecyclePolicy({ rules })).detail).toEqual([
      `rules[0].action.type: transition moves images to an archive class, ${advice}`,
      `rules[1].selection.storageClass: archive takes images of an archive class, ${advice}`,
      `rules[2].selection.countType: sinceImageTransitioned counts from the move to an archive class, ${advice}`,
      'rules[4].action.targetStorageClass: does not go with expire; take it out.',
      'rules[4].selection.storageClass: must be standard; there is no other class here.',
    ]);
  });

  it('is written without rules that would delete more in ECR than here', () => {
    const base: RetentionRule = {
      id: 1,
      name: '',
      disabled: false,
      action: 'delete',
      repositories: [],
      select: { ...PLAIN_SELECT, pushed_before_days: 30 },
      newest: null,
      claims: true,
      priority: 0,
    };
    const kept: RetentionRule = { ...base, id: 2, action: 'keep', select: { ...PLAIN_SELECT, larger_than_bytes: 1 } };
    const guarded = exportLifecyclePolicy([base, kept]);
    expect(guarded.lifecycle_policy.rules).toEqual([]);
    expect(guarded.notes.map(({ path }) => path)).toEqual(['rules[1]', 'rules']);
    const single = {
      ...base,
      select: { ...base.select, tags: [{ kind: 'glob' as const, excludes: false, pattern: 'pr-*' }] },
    };
    expect(exportLifecyclePolicy([single]).notes[0]?.text).toMatch(/has_tags instead/);
    const retained: RetentionRule = {
      ...base,
      action: 'retain',
      select: PLAIN_SELECT,
      newest: { count: 5, by: 'pushed', per: 'repository' },
    };
    expect(exportLifecyclePolicy([retained]).lifecycle_policy.rules).toEqual([
      { rulePriority: 1, selection: { tagStatus: 'any', ...count(5) }, action: { type: 'expire' } },
    ]);
  });
});

function caught(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('nothing was refused');
}
