import { AppError, type LifecyclePolicyImport, MAX_RETENTION_COUNT } from '@moorage/contracts';
import { isObject, unwrapLifecyclePolicy } from './lifecycle-document.rules.ts';
import { PLAIN_SELECT } from './plain-rule.ts';

type ImportedRule = LifecyclePolicyImport['rules'][number];
type Json = Readonly<Record<string, unknown>>;
type TagStatus = 'tagged' | 'untagged' | 'any';

const MAX_RULES = 50;
const MAX_WILDCARDS = 4;
const MAX_NAME = 128;
const RULE_KEYS = ['rulePriority', 'description', 'selection', 'action'];
const SELECTION_KEYS = [
  'tagStatus',
  'tagPrefixList',
  'tagPatternList',
  'countType',
  'countUnit',
  'countNumber',
  'storageClass',
];

/**
 * A lifecycle policy of Amazon ECR, or what the AWS command line prints of one, as rules that decide the same: a rule
 * claims what its tags select, so that no rule after it touches that. Throws BAD_REQUEST that names every mistake with
 * its place in the policy, as ECR would refuse it.
 */
export function importLifecyclePolicy(document: unknown): LifecyclePolicyImport {
  const { policy, problems, notes } = unwrapLifecyclePolicy(document);
  const reader = new Reader(problems, notes);
  const rules = problems.length > 0 ? [] : reader.rules(policy);
  if (reader.problems.length > 0) {
    throw new AppError('BAD_REQUEST', reader.problems.slice(0, 10).join('\n'), { detail: reader.problems });
  }
  rules.sort((one, other) => one.priority - other.priority);
  return { rules, notes: reader.notes };
}

/** Reads the document, collecting what is wrong with it. */
class Reader {
  readonly problems: string[];
  readonly notes: { path: string; text: string }[];

  constructor(problems: string[], notes: { path: string; text: string }[]) {
    this.problems = problems;
    this.notes = notes;
  }

  rules(document: unknown): ImportedRule[] {
    if (!isObject(document) || !Array.isArray(document.rules)) {
      this.problems.push(
        'rules: must be a list of rules; send a lifecycle policy, or what aws ecr get-lifecycle-policy prints.',
      );
      return [];
    }
    this.#known(document, ['rules', '$schema'], '');
    if (!['undefined', 'string'].includes(typeof document.$schema)) this.#problem('$schema', 'must be text.');
    const given: unknown[] = document.rules;
    if (given.length === 0 || given.length > MAX_RULES)
      this.problems.push(`rules: must have 1 to ${MAX_RULES} rules, not ${given.length}.`);
    const read = given.slice(0, MAX_RULES).map((rule, index) => this.#rule(rule, `rules[${index}]`));
    this.#together(read);
    return read.flatMap((rule) => (rule === null ? [] : [rule]));
  }

  #rule(rule: unknown, path: string): ImportedRule | null {
    if (!isObject(rule)) return this.#problem(path, 'must be an object.');
    this.#known(rule, RULE_KEYS, `${path}.`);
    if (this.#isOfArchive(rule, path)) return null;
    const priority = this.#integer(rule.rulePriority, `${path}.rulePriority`);
    const name = this.#description(rule.description, `${path}.description`);
    this.#action(rule.action, `${path}.action`);
    const { selection } = rule;
    if (!isObject(selection)) return this.#problem(`${path}.selection`, 'must be an object.');
    this.#known(selection, SELECTION_KEYS, `${path}.selection.`);
    const select = this.#tags(selection, `${path}.selection`);
    const count = this.#count(selection, `${path}.selection`);
    return {
      name,
      disabled: false,
      action: 'delete',
      repositories: [],
      select: { ...PLAIN_SELECT, ...select, ...count.select },
      newest: count.newest,
      claims: true,
      priority,
    };
  }

  #description(value: unknown, path: string): string {
    if (value === undefined) return '';
    if (typeof value !== 'string' || value.length > 256) {
      this.problems.push(`${path}: must be text of at most 256 characters.`);
      return '';
    }
    if (value.length > MAX_NAME) this.notes.push({ path, text: `Shortened to ${MAX_NAME} characters.` });
    return value.slice(0, MAX_NAME).trim();
  }

  #action(value: unknown, path: string): void {
    if (!isObject(value)) this.problems.push(`${path}: must be {"type":"expire"}.`);
    else if (value.type !== 'expire') this.problems.push(`${path}.type: must be expire.`);
    else if (value.targetStorageClass !== undefined) {
      this.#problem(`${path}.targetStorageClass`, 'does not go with expire; take it out.');
    } else this.#known(value, ['type'], `${path}.`);
  }

  /** Whether a rule is about ECR's archive class, which there is none of here; says so once, with the key. */
  #isOfArchive(rule: Json, path: string): boolean {
    const { type } = isObject(rule.action) ? rule.action : {};
    const { storageClass, countType } = isObject(rule.selection) ? rule.selection : {};
    const found =
      (type === 'transition' && 'action.type: transition moves images to an archive class') ||
      (storageClass === 'archive' && 'selection.storageClass: archive takes images of an archive class') ||
      (countType === 'sinceImageTransitioned' &&
        'selection.countType: sinceImageTransitioned counts from the move to an archive class');
    if (found === false) return false;
    const advice = 'take the rule out, or expire by sinceImagePushed or sinceImagePulled';
    this.problems.push(`${path}.${found}, and there is none here; ${advice}.`);
    return true;
  }

  #tags(selection: Json, path: string): { tagged: TagStatus; has_tags: string[] } {
    const status = selection.tagStatus;
    if (status !== 'tagged' && status !== 'untagged' && status !== 'any') {
      this.problems.push(`${path}.tagStatus: must be tagged, untagged or any.`);
      return { tagged: 'any', has_tags: [] };
    }
    if (selection.storageClass !== undefined && selection.storageClass !== 'standard') {
      this.problems.push(`${path}.storageClass: must be standard; there is no other class here.`);
    }
    const prefixes = this.#texts(selection.tagPrefixList, `${path}.tagPrefixList`);
    const patterns = this.#texts(selection.tagPatternList, `${path}.tagPatternList`);
    if (status !== 'tagged') {
      for (const [key, list] of Object.entries({ tagPrefixList: prefixes, tagPatternList: patterns })) {
        if (list.length > 0) this.problems.push(`${path}.${key}: goes with tagStatus tagged only.`);
      }
      return { tagged: status, has_tags: [] };
    }
    if (prefixes.length > 0 && patterns.length > 0) {
      this.problems.push(`${path}: takes tagPrefixList or tagPatternList, not both.`);
    } else if (prefixes.length + patterns.length === 0) {
      this.problems.push(`${path}: tagStatus tagged needs a tagPrefixList or a tagPatternList that is not empty.`);
    }
    patterns.forEach((pattern, index) => {
      if (pattern.split('*').length - 1 > MAX_WILDCARDS)
        this.problems.push(`${path}.tagPatternList[${index}]: may have at most ${MAX_WILDCARDS} wildcards.`);
    });
    const globs = [...prefixes.map((prefix) => `${literal(prefix)}*`), ...patterns.map(globOf)];
    return { tagged: 'tagged', has_tags: globs };
  }

  #count(selection: Json, path: string): Pick<ImportedRule, 'newest'> & { select: Partial<ImportedRule['select']> } {
    const { countType: type, countUnit: unit } = selection;
    const number = this.#integer(selection.countNumber, `${path}.countNumber`);
    if (type === 'imageCountMoreThan') {
      if (unit !== undefined) this.problems.push(`${path}.countUnit: does not go with imageCountMoreThan.`);
      // A lower number would delete more than ECR does.
      if (number > MAX_RETENTION_COUNT) {
        this.problems.push(`${path}.countNumber: must be at most ${MAX_RETENTION_COUNT} here with imageCountMoreThan.`);
      }
      return { newest: { count: number, by: 'pushed', per: 'repository' }, select: {} };
    }
    if (type !== 'sinceImagePushed' && type !== 'sinceImagePulled') {
      this.problems.push(`${path}.countType: must be imageCountMoreThan, sinceImagePushed or sinceImagePulled.`);
      return { newest: null, select: {} };
    }
    if (unit !== 'days') this.problems.push(`${path}.countUnit: must be days with ${type}.`);
    const key = type === 'sinceImagePushed' ? 'pushed_before_days' : 'not_pulled_for_days';
    return { newest: null, select: { [key]: number } };
  }

  /** What rules must keep to among each other. */
  #together(rules: readonly (ImportedRule | null)[]): void {
    const priorities = new Map<number, number>();
    const highest = Math.max(0, ...rules.map((rule) => rule?.priority ?? 0));
    rules.forEach((rule, index) => {
      if (rule === null) return;
      const twin = priorities.get(rule.priority);
      if (twin !== undefined && rule.priority > 0) {
        this.problems.push(`rules[${index}].rulePriority: ${rule.priority} is the priority of rules[${twin}] too.`);
      }
      priorities.set(rule.priority, index);
      if (rule.select.tagged === 'any' && rule.priority < highest) {
        this.problems.push(`rules[${index}].rulePriority: a rule with tagStatus any must have the highest number.`);
      }
    });
    const untagged = rules.filter((rule) => rule?.select.tagged === 'untagged').length;
    if (untagged > 1) this.problems.push('rules: only one rule may have tagStatus untagged.');
  }

  #integer(value: unknown, path: string): number {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= 1_000_000) return value;
    this.problems.push(`${path}: must be a whole number from 1 to 1000000.`);
    return 0;
  }

  #texts(value: unknown, path: string): string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > 20) {
      this.problems.push(`${path}: must be a list of at most 20 texts.`);
      return [];
    }
    return value.filter((text, index): text is string => {
      const isText = typeof text === 'string' && /^[A-Za-z0-9_.*-]{1,128}$/.test(text);
      if (!isText) this.problems.push(`${path}[${index}]: must be 1 to 128 characters of a tag.`);
      return isText;
    });
  }

  #known(value: Json, keys: readonly string[], path: string): void {
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) this.problems.push(`${path}${key}: is not a key of a lifecycle policy.`);
    }
  }

  #problem(path: string, text: string): null {
    this.problems.push(`${path}: ${text}`);
    return null;
  }
}

/** In a prefix a star is no wildcard. */
function literal(text: string): string {
  return text.replaceAll('*', '\\*');
}

/** Several stars in a row say no more than one. */
function globOf(pattern: string): string {
  return pattern.replaceAll(/\*{2,}/g, '*');
}
