import type { LifecyclePolicyExport, RetentionRule } from '@moorage/contracts';
import { PLAIN_SELECT } from './plain-rule.ts';

type EcrRule = LifecyclePolicyExport['lifecycle_policy']['rules'][number];
type EcrSelection = EcrRule['selection'];
type TagPart = Pick<EcrSelection, 'tagStatus' | 'tagPrefixList' | 'tagPatternList'>;
type CountPart = Pick<EcrSelection, 'countType' | 'countNumber' | 'countUnit'>;

const MAX_WILDCARDS = 4;

/**
 * The rules as a lifecycle policy of Amazon ECR. A rule that ECR cannot say is left out with a note, never written in a
 * way that would delete more there than here; a keep rule ECR does not know takes every delete rule with it.
 */
export function exportLifecyclePolicy(rules: readonly RetentionRule[]): LifecyclePolicyExport {
  const notes: { path: string; text: string }[] = [];
  const written: { rule: RetentionRule; selection: EcrSelection }[] = [];
  let isProtected = false;
  rules.forEach((rule, index) => {
    const path = `rules[${index}]`;
    const selection = rule.disabled ? 'is disabled' : selectionOf(rule, rules);
    if (typeof selection === 'string') {
      notes.push({ path, text: `Left out: ${selection}.` });
      isProtected ||= !rule.disabled && rule.action !== 'delete';
      return;
    }
    if (rule.repositories.length > 0) {
      notes.push({ path, text: `Give it only to repositories that match: ${repositoriesText(rule)}.` });
    }
    written.push({ rule, selection });
  });
  if (isProtected && written.length > 0) {
    notes.push({
      path: 'rules',
      text: 'Nothing is written: ECR has no rules that keep, and would delete what they keep here.',
    });
    return { lifecycle_policy: { rules: [] }, notes };
  }
  return { lifecycle_policy: { rules: numbered(written, notes) }, notes };
}

/** The selection of a rule, or why ECR has none like it. */
function selectionOf(rule: RetentionRule, rules: readonly RetentionRule[]): EcrSelection | string {
  const plain = plainConditions(rule);
  if (plain !== null) return plain;
  if (rule.action !== 'delete') return retainSelection(rule, rules);
  const tags = tagPart(rule);
  if (typeof tags === 'string') return tags;
  const count = countPart(rule, rule.select.pushed_before_days, rule.select.not_pulled_for_days);
  return typeof count === 'string' ? count : { ...tags, ...count };
}

/** "Retain the newest of everything" is "expire the rest of everything", as long as nothing else retains. */
function retainSelection(rule: RetentionRule, rules: readonly RetentionRule[]): EcrSelection | string {
  const { select, repositories } = rule;
  const keepers = rules.filter(({ action, disabled }) => action !== 'delete' && !disabled);
  const selectsAll = select.tagged === 'any' && select.tags.every(isEverything) && select.has_tags.length === 0;
  if (rule.action === 'keep' || keepers.length > 1 || !selectsAll || repositories.length > 0) {
    return 'ECR has no rules that keep';
  }
  const count = countPart(rule, select.pushed_within_days, select.pulled_within_days);
  return typeof count === 'string' ? count : { tagStatus: 'any', ...count };
}

function isEverything({ kind, excludes, pattern }: RetentionRule['select']['tags'][number]): boolean {
  return kind === 'glob' && !excludes && /^\*+$/.test(pattern);
}

/** Conditions ECR does not know, by name; null when there is none. */
function plainConditions({ select, action }: RetentionRule): string | null {
  const unknown = (
    ['versions', 'labels', 'types', 'artifact_types', 'larger_than_bytes', 'smaller_than_bytes'] as const
  ).filter((key) => JSON.stringify(select[key]) !== JSON.stringify(PLAIN_SELECT[key]));
  const foreign: readonly string[] =
    action === 'delete'
      ? (['pushed_within_days', 'pulled_within_days'] as const).filter((key) => select[key] !== null)
      : (['pushed_before_days', 'not_pulled_for_days'] as const).filter((key) => select[key] !== null);
  const names = [...unknown, ...foreign];
  return names.length === 0 ? null : `ECR knows no condition like ${names.join(', ')}`;
}

function tagPart({ select }: RetentionRule): TagPart | string {
  if (!select.tags.every(isEverything)) {
    return 'it takes single tags, and ECR takes whole images: select images by has_tags instead';
  }
  if (select.has_tags.length === 0) {
    if (select.tagged !== 'tagged') return { tagStatus: select.tagged };
    return { tagStatus: 'tagged', tagPatternList: ['*'] };
  }
  if (select.tagged === 'untagged') return 'it selects nothing: what has no tag has none that matches';
  if (select.has_tags.every((glob) => /^[A-Za-z0-9_.-]+\*$/.test(glob))) {
    return { tagStatus: 'tagged', tagPrefixList: select.has_tags.map((glob) => glob.slice(0, -1)) };
  }
  const foreign = select.has_tags.find(
    (glob) => !/^[A-Za-z0-9_.*-]+$/.test(glob) || glob.split('*').length - 1 > MAX_WILDCARDS,
  );
  if (foreign !== undefined) return `ECR has no pattern like ${foreign}`;
  return { tagStatus: 'tagged', tagPatternList: [...select.has_tags] };
}

function countPart({ newest }: RetentionRule, pushed: number | null, pulled: number | null): CountPart | string {
  const given = [newest, pushed, pulled].filter((part) => part !== null);
  if (given.length !== 1) {
    return given.length === 0
      ? 'ECR expires by count or age, and the rule has neither'
      : 'ECR takes one of count, age since the push and age since the pull';
  }
  if (newest !== null) {
    if (newest.by !== 'pushed' || newest.per !== 'repository') return 'ECR counts by the time of the push only';
    if (newest.count === 0) return 'ECR always leaves at least one image';
    return { countType: 'imageCountMoreThan', countNumber: newest.count };
  }
  const countNumber = pushed ?? pulled ?? 0;
  if (countNumber === 0) return 'ECR counts from one day on';
  return { countType: pushed === null ? 'sinceImagePulled' : 'sinceImagePushed', countNumber, countUnit: 'days' };
}

/** Numbers the rules as ECR wants them: what takes any image last, and only one of it and of untagged. */
function numbered(
  written: readonly { rule: RetentionRule; selection: EcrSelection }[],
  notes: { path: string; text: string }[],
): EcrRule[] {
  const isAny = ({ selection }: { selection: EcrSelection }) => selection.tagStatus === 'any';
  const ordered = [...written.filter((one) => !isAny(one)), ...written.filter(isAny)];
  const seen = new Set<string>();
  const rules = ordered.filter(({ rule, selection: { tagStatus } }) => {
    if (tagStatus === 'tagged' || !seen.has(tagStatus)) {
      seen.add(tagStatus);
      return true;
    }
    notes.push({ path: `rule ${rule.id}`, text: `Left out: ECR takes one rule with tagStatus ${tagStatus}.` });
    return false;
  });
  if (rules.length > 1 && rules.some(({ rule }) => !rule.claims)) {
    notes.push({
      path: 'rules',
      text: 'In ECR the first rule that selects an image decides it alone; here every rule may.',
    });
  }
  return rules.map(({ rule, selection }, index) => ({
    rulePriority: index + 1,
    ...(rule.name === '' ? {} : { description: rule.name }),
    selection,
    action: { type: 'expire' },
  }));
}

function repositoriesText({ repositories }: RetentionRule): string {
  return repositories.map(({ excludes, pattern }) => (excludes ? `not ${pattern}` : pattern)).join(', ');
}
