import {
  AppError,
  type AnswerOf,
  type getProjectRetention,
  type getRetention,
  type getRetentionMetadata,
  type getRetentionRun,
  type listRetentionExecutions,
  type listRetentionTasks,
  RETENTION_TEMPLATES,
  type RetentionRule,
  type RetentionTemplate,
  type RetentionTotals,
} from '@moorage/contracts';
import type { Execution, Task } from '@moorage/jobs';
import type { AuditEntry } from '../outbox/index.ts';
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

/** What a run goes by from its first moment to its last, whatever becomes of the policy meanwhile. */
export interface RunTerms {
  readonly unit: 'artifact' | 'tag';
  readonly rules: readonly RetentionRule[];
  /** ISO 8601. */
  readonly as_of: string;
  readonly confirm_share: number;
}

/** The facts of an execution of retention. */
export interface RunFacts {
  readonly dry_run?: boolean;
  readonly terms?: RunTerms;
  readonly totals?: RetentionTotals;
  readonly share?: number;
  readonly confirmed_by?: string;
}

/** The facts of a task. */
export interface TaskFacts {
  readonly total?: number;
  readonly retained?: number;
  readonly tags_removed?: number;
  /** With what went along with them. */
  readonly artifacts_removed?: number;
  /** Of these, the ones that were decided about. */
  readonly artifacts_asked?: number;
}

/** A run with all that is known of it. */
export function runView(
  run: Execution,
  removed: Readonly<Record<string, number>> | undefined,
): AnswerOf<typeof getRetentionRun> {
  const facts = run.facts as RunFacts;
  return {
    id: run.id,
    status: run.status,
    status_message: run.statusMessage,
    trigger: run.trigger,
    dry_run: facts.dry_run ?? false,
    ...(facts.terms ? { as_of: facts.terms.as_of } : {}),
    creation_time: run.createdAt,
    ...timesOf(run),
    created_by: run.createdBy,
    ...(facts.totals ? { totals: facts.totals, share: facts.share ?? 0 } : {}),
    ...(facts.confirmed_by === undefined ? {} : { confirmed_by: facts.confirmed_by }),
    ...(removed ? { removed: { tags: removed.tags_removed ?? 0, artifacts: removed.artifacts_removed ?? 0 } } : {}),
  };
}

/** A run in Harbor's shape (RET-8). */
export function executionView(run: Execution): AnswerOf<typeof listRetentionExecutions>[number] {
  return {
    id: run.id,
    policy_id: run.vendorId,
    status: run.status,
    trigger: run.trigger,
    dry_run: (run.facts as RunFacts).dry_run ?? false,
    start_time: run.startedAt ?? run.createdAt,
    ...(run.endedAt === null ? {} : { end_time: run.endedAt }),
  };
}

const STATUS_CODES: Readonly<Record<string, number>> = {
  Pending: 0,
  Waiting: 0,
  Running: 1,
  Success: 3,
  Error: 3,
  Stopped: 3,
};

/** What a run did in one repository. */
export function taskView(task: Task): AnswerOf<typeof listRetentionTasks>[number] {
  const facts = task.facts as TaskFacts;
  const { repository } = task.payload;
  const name = typeof repository === 'string' ? repository : '';
  return {
    id: task.id,
    execution_id: task.executionId,
    repository: name.slice(name.indexOf('/') + 1),
    job_id: String(task.id),
    status: task.status,
    status_code: STATUS_CODES[task.status] ?? 0,
    status_revision: task.attempts,
    ...timesOf(task),
    total: facts.total ?? 0,
    retained: facts.retained ?? 0,
  };
}

function timesOf({ startedAt, endedAt }: Pick<Execution, 'startedAt' | 'endedAt'>) {
  return {
    ...(startedAt === null ? {} : { start_time: startedAt }),
    ...(endedAt === null ? {} : { end_time: endedAt }),
  };
}

/** What a run that waits says. */
export function confirmationText(
  { items, itemsDeleted }: { readonly items: number; readonly itemsDeleted: number },
  confirmShare: number,
): string {
  return `It would remove ${itemsDeleted} of ${items} tags and untagged artifacts, more than ${confirmShare} %: confirm it, or drop it.`;
}

/** The audit row of something a run removes; the one who started the run answers for it. */
export function removalAudit(
  { executionId, by }: { readonly executionId: number; readonly by: string },
  resourceType: 'artifact' | 'tag',
  resource: string,
): AuditEntry {
  return {
    actorKind: 'system',
    actorId: null,
    username: by,
    credentialKind: 'internal',
    clientAddress: '',
    userAgent: '',
    requestId: '',
    resourceType,
    resource,
    operation: 'delete',
    description: `deleted by retention run ${executionId}`,
    succeeded: true,
    status: 200,
  };
}
