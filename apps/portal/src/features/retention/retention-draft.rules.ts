import type { ProjectRetention, RetentionRule, RetentionRuleRequest, RetentionSelect } from '@moorage/contracts';
import { keyed, type SelectorDraft } from '../../shared/policy/selector.rules.ts';

/** A rule of the form: as the API takes it, with keys for what comes and goes. */
export interface RuleDraft {
  readonly key: number;
  readonly id: number | undefined;
  readonly name: string;
  readonly disabled: boolean;
  readonly action: RetentionRule['action'];
  readonly repositories: readonly SelectorDraft[];
  readonly tags: readonly SelectorDraft[];
  readonly select: RetentionSelect;
  readonly newest: RetentionRule['newest'];
  readonly claims: boolean;
  readonly priority: number;
}

export interface PolicyDraft {
  readonly unit: ProjectRetention['unit'];
  /** Percent, or null for the installation's setting. */
  readonly confirmShare: number | null;
  readonly rules: readonly RuleDraft[];
}

const NOTHING: RetentionSelect = {
  tagged: 'any',
  tags: [],
  has_tags: [],
  versions: null,
  labels: [],
  types: [],
  artifact_types: [],
  pushed_within_days: null,
  pushed_before_days: null,
  pulled_within_days: null,
  not_pulled_for_days: null,
  larger_than_bytes: null,
  smaller_than_bytes: null,
};

/** What a new rule starts from. The first ones are what people ask for most. */
export const RULE_STARTS = ['newest', 'untagged', 'pulled', 'versions', 'old', 'blank'] as const;
export type RuleStart = (typeof RULE_STARTS)[number];

export function startOfRule(start: RuleStart, key: number): RuleDraft {
  const blank: RuleDraft = {
    key,
    id: undefined,
    name: '',
    disabled: false,
    action: 'delete',
    repositories: keyed([{ excludes: false, pattern: '**' }]),
    tags: [],
    select: NOTHING,
    newest: null,
    claims: false,
    priority: 0,
  };
  switch (start) {
    case 'newest':
      return { ...blank, action: 'retain', newest: { count: 10, by: 'pushed', per: 'repository' } };
    case 'untagged':
      return { ...blank, select: { ...NOTHING, tagged: 'untagged', pushed_before_days: 7 } };
    case 'pulled':
      return { ...blank, action: 'retain', select: { ...NOTHING, pulled_within_days: 30 } };
    case 'versions':
      return {
        ...blank,
        action: 'keep',
        select: { ...NOTHING, versions: { range: '*', prereleases: 'exclude' } },
        newest: { count: 3, by: 'version', per: 'minor' },
      };
    case 'old':
      return { ...blank, select: { ...NOTHING, pushed_before_days: 90 } };
    case 'blank':
      return blank;
  }
}

/** Rules of the API as the form holds them. */
export function draftsOf(
  rules: readonly (Omit<RetentionRule, 'id'> & { readonly id?: number })[],
  from = 0,
): RuleDraft[] {
  return rules.map((rule, index) => ({
    key: from + index,
    id: rule.id,
    name: rule.name,
    disabled: rule.disabled,
    action: rule.action,
    repositories: selectorsOfNames(rule.repositories),
    tags: selectorsOfNames(rule.select.tags),
    select: rule.select,
    newest: rule.newest,
    claims: rule.claims,
    priority: rule.priority,
  }));
}

export function policyDraftOf(policy: ProjectRetention | null): PolicyDraft {
  return {
    unit: policy?.unit ?? 'artifact',
    confirmShare: policy?.confirm_share ?? null,
    rules: policy === null ? [] : draftsOf(policy.rules),
  };
}

/** A policy as the API takes it, without its schedule. */
export function policyOf(draft: PolicyDraft) {
  return { unit: draft.unit, confirm_share: draft.confirmShare, rules: draft.rules.map(ruleOf) };
}

function ruleOf(draft: RuleDraft): RetentionRuleRequest {
  const { key: _key, id, repositories, tags, select, ...rest } = draft;
  return {
    ...(id === undefined ? {} : { id }),
    ...rest,
    name: rest.name.trim(),
    repositories: namesOf(repositories),
    select: { ...select, tags: namesOf(tags) },
  };
}

type Name = RetentionSelect['tags'][number];

function selectorsOfNames(names: readonly Name[]) {
  return keyed(names.map(({ kind, excludes, pattern }) => ({ excludes, pattern, regex: kind === 'regex' })));
}

function namesOf(selectors: readonly SelectorDraft[]): Name[] {
  return selectors.map(({ excludes, pattern, regex }) => ({
    kind: regex ? ('regex' as const) : ('glob' as const),
    excludes,
    pattern: pattern.trim(),
  }));
}

/** The first pattern left blank, by rule and field id; null when the policy can be asked about. */
export function firstBlank(draft: PolicyDraft): string | null {
  for (const rule of draft.rules) {
    for (const [of, rows] of [
      ['tags', rule.tags],
      ['repositories', rule.repositories],
    ] as const) {
      const blank = rows.find((row) => row.pattern.trim() === '');
      if (blank !== undefined) return `rule-${rule.key}-${of}-${blank.key}`;
    }
  }
  return null;
}

/** A list with one entry moved by one place. */
export function moved(rules: readonly RuleDraft[], key: number, by: -1 | 1): readonly RuleDraft[] {
  const at = rules.findIndex((rule) => rule.key === key);
  const to = at + by;
  const [rule, other] = [rules[at], rules[to]];
  if (rule === undefined || other === undefined) return rules;
  return rules.map((entry, index) => (index === at ? other : index === to ? rule : entry));
}

/** The ids the server gives the rules of a preview: known ones keep theirs, others count on from the last (as it does). */
export function previewIds(rules: readonly RuleDraft[], saved: readonly number[]): ReadonlyMap<number, RuleDraft> {
  let last = Math.max(0, ...saved);
  return new Map(rules.map((rule) => [rule.id !== undefined && saved.includes(rule.id) ? rule.id : (last += 1), rule]));
}
