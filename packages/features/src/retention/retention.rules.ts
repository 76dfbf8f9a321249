import {
  AppError,
  type AnswerOf,
  type getProjectRetention,
  type getRetention,
  type getRetentionMetadata,
  RETENTION_TEMPLATES,
  type RetentionTemplate,
} from '@moorage/contracts';
import { ruleToHarbor } from '../retention-rule/index.ts';
import type { RetentionPolicy } from './retention-policy.store.ts';

/** A policy in Harbor's shape; rules that do not fit into it are left out. */
export function harborView(policy: RetentionPolicy, nextRun: Date | null): AnswerOf<typeof getRetention> {
  return {
    id: policy.id,
    algorithm: 'or',
    rules: policy.rules.flatMap((rule) => ruleToHarbor(rule) ?? []),
    trigger: {
      kind: 'Schedule',
      settings: { cron: policy.cron, ...(nextRun === null ? {} : { next_scheduled_time: nextRun }) },
      references: {},
    },
    scope: { level: 'project', ref: policy.projectId },
  };
}

/** A policy with all its rules. */
export function policyView(policy: RetentionPolicy, nextRun: Date | null): AnswerOf<typeof getProjectRetention> {
  return {
    id: policy.id,
    unit: policy.unit,
    rules: [...policy.rules],
    cron: policy.cron,
    confirm_share: policy.confirmShare,
    ...(nextRun === null ? {} : { next_run_time: nextRun }),
    harbor_rules: policy.rules.filter((rule) => ruleToHarbor(rule) !== null).length,
    creation_time: policy.createdAt,
    update_time: policy.updatedAt,
  };
}

const TEMPLATE_TEXTS: Readonly<Record<RetentionTemplate, string>> = {
  latestPushedK: 'the most recently pushed # artifacts',
  latestPulledN: 'the most recently pulled # artifacts',
  nDaysSinceLastPush: 'the artifacts pushed within the last # days',
  nDaysSinceLastPull: 'the artifacts pulled within the last # days',
  always: 'always',
};
const TEMPLATE_UNITS: Readonly<Partial<Record<RetentionTemplate, string>>> = {
  latestPushedK: 'COUNT',
  latestPulledN: 'COUNT',
  nDaysSinceLastPush: 'DAYS',
  nDaysSinceLastPull: 'DAYS',
};

/** What Harbor's clients build their form from (RET-3, RET-4). */
export const HARBOR_METADATA: AnswerOf<typeof getRetentionMetadata> = {
  templates: RETENTION_TEMPLATES.map((template) => {
    const unit = TEMPLATE_UNITS[template];
    return {
      rule_template: template,
      display_text: TEMPLATE_TEXTS[template],
      action: 'retain',
      params: unit === undefined ? [] : [{ type: 'int', unit, required: true }],
    };
  }),
  scope_selectors: [{ display_text: 'Repositories', kind: 'doublestar', decorations: ['repoMatches', 'repoExcludes'] }],
  tag_selectors: [{ display_text: 'Tags', kind: 'doublestar', decorations: ['matches', 'excludes'] }],
};

/** What the audit log says of a policy. */
export function auditedPolicy(policy: Pick<RetentionPolicy, 'unit' | 'rules' | 'cron' | 'confirmShare'>): object {
  const { unit, rules, cron, confirmShare } = policy;
  return { unit, cron, confirm_share: confirmShare, rules };
}

/** Throws BAD_REQUEST for rules that speak of labels the project cannot see. */
export function refuseUnknownLabels(labels: readonly number[], known: ReadonlySet<number>): void {
  const missing = labels.filter((id) => !known.has(id));
  if (missing.length === 0) return;
  throw new AppError('BAD_REQUEST', `labels: the project has no label ${missing.join(', ')}; choose one it has.`);
}
