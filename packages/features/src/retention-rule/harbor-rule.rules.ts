import {
  AppError,
  type HarborRetentionRule,
  type HarborRuleRequest,
  MAX_RETENTION_COUNT,
  MAX_RETENTION_DAYS,
  type NameCondition,
  type RetentionRule,
  type RetentionTemplate,
} from '@moorage/contracts';
import { PLAIN_SELECT } from './plain-rule.ts';

type TagSelector = HarborRuleRequest['tag_selectors'][number];

/** What Harbor takes when a parameter is missing (RET-3). */
const DEFAULT_COUNT = 10;
const DEFAULT_DAYS = 30;

/** A rule of Harbor as one of ours. Throws BAD_REQUEST for parameters its template does not have or that are out of range. */
export function ruleFromHarbor(rule: HarborRuleRequest): Omit<RetentionRule, 'id'> {
  const parameter = readParameter(rule);
  const { template } = rule;
  return {
    name: '',
    disabled: rule.disabled,
    action: 'retain',
    repositories: rule.scope_selectors.repository.map(({ decoration, pattern }) => ({
      kind: 'glob',
      excludes: decoration === 'repoExcludes',
      pattern,
    })),
    select: {
      ...PLAIN_SELECT,
      tagged: rule.tag_selectors.every(meansUntagged) ? 'any' : 'tagged',
      tags: rule.tag_selectors.map(({ decoration, pattern }) => ({
        kind: 'glob',
        excludes: decoration === 'excludes',
        pattern,
      })),
      pushed_within_days: template === 'nDaysSinceLastPush' ? parameter : null,
      pulled_within_days: template === 'nDaysSinceLastPull' ? parameter : null,
    },
    newest:
      template === 'latestPushedK' || template === 'latestPulledN'
        ? { count: parameter, by: template === 'latestPushedK' ? 'pushed' : 'pulled', per: 'repository' }
        : null,
    claims: false,
    priority: rule.priority,
  };
}

/** The rule in Harbor's shape, or null for one that shape cannot hold. */
export function ruleToHarbor(rule: RetentionRule): HarborRetentionRule | null {
  const template = templateOf(rule);
  if (template === null) return null;
  const untagged = rule.select.tagged === 'any';
  const tags = rule.select.tags.length > 0 ? rule.select.tags : [EVERYTHING];
  const repositories = rule.repositories.length > 0 ? rule.repositories : [EVERYTHING];
  return {
    id: rule.id,
    priority: rule.priority,
    disabled: rule.disabled,
    action: 'retain',
    template,
    params: parametersOf(template, rule),
    tag_selectors: tags.map(({ excludes, pattern }) => ({
      kind: 'doublestar',
      decoration: excludes ? 'excludes' : 'matches',
      pattern,
      extras: JSON.stringify({ untagged: excludes ? !untagged : untagged }),
    })),
    scope_selectors: {
      repository: repositories.map(({ excludes, pattern }) => ({
        kind: 'doublestar',
        decoration: excludes ? 'repoExcludes' : 'repoMatches',
        pattern,
      })),
    },
  };
}

const EVERYTHING: NameCondition = { kind: 'glob', excludes: false, pattern: '**' };

function readParameter({ template, params }: HarborRuleRequest): number {
  const unknown = Object.keys(params ?? {}).find((key) => key !== template);
  if (unknown !== undefined) {
    throw new AppError('BAD_REQUEST', `params: ${template} has no parameter ${unknown}; name it like the template.`);
  }
  const isCount = template === 'latestPushedK' || template === 'latestPulledN';
  const most = isCount ? MAX_RETENTION_COUNT : MAX_RETENTION_DAYS;
  const value = params?.[template] ?? (isCount ? DEFAULT_COUNT : DEFAULT_DAYS);
  if (value > most) throw new AppError('BAD_REQUEST', `params.${template}: must be at most ${most}.`);
  return value;
}

/** Whether artifacts without a tag are selected: for `excludes` the flag says what is excluded (RET-4). */
function meansUntagged({ decoration, extras }: TagSelector): boolean {
  const excludes = decoration === 'excludes';
  const flag = untaggedFlag(extras) ?? !excludes;
  return excludes ? !flag : flag;
}

function untaggedFlag(extras: string | undefined): boolean | undefined {
  if (extras === undefined || extras === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(extras);
    if (typeof parsed === 'object' && parsed !== null) {
      const { untagged } = parsed as { untagged?: unknown };
      if (untagged === undefined || typeof untagged === 'boolean') return untagged;
    }
  } catch {
    // Said below, as for every other text that is not such an object.
  }
  throw new AppError('BAD_REQUEST', 'extras: must be JSON text such as {"untagged":true}, or empty.');
}

function templateOf({ action, repositories, select, newest, claims }: RetentionRule): RetentionTemplate | null {
  const { pushed_within_days: pushed, pulled_within_days: pulled, tags, tagged, ...rest } = select;
  const isPlain = Object.entries(rest).every(([key, value]) => isEmpty(value, PLAIN_SELECT[key as keyof typeof rest]));
  const hasGlobsOnly = [...repositories, ...tags].every(({ kind }) => kind === 'glob');
  if (action !== 'retain' || claims || !isPlain || !hasGlobsOnly || tagged === 'untagged') return null;
  if (newest !== null) {
    if (pushed !== null || pulled !== null || newest.per !== 'repository' || newest.by === 'version') return null;
    return newest.by === 'pushed' ? 'latestPushedK' : 'latestPulledN';
  }
  if (pushed !== null) return pulled === null ? 'nDaysSinceLastPush' : null;
  return pulled === null ? 'always' : 'nDaysSinceLastPull';
}

function isEmpty(value: unknown, plain: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === plain;
}

function parametersOf(template: RetentionTemplate, { select, newest }: RetentionRule): Record<string, number> {
  switch (template) {
    case 'latestPushedK':
    case 'latestPulledN':
      return { [template]: newest?.count ?? 0 };
    case 'nDaysSinceLastPush':
      return { [template]: select.pushed_within_days ?? 0 };
    case 'nDaysSinceLastPull':
      return { [template]: select.pulled_within_days ?? 0 };
    case 'always':
      return {};
  }
}
