import { z } from 'zod';
import { MAX_ID, time } from '../wire/fields.ts';

/** Most rules a policy may have on Harbor's wire (RET-1). */
export const MAX_HARBOR_RULES = 15;
export const MAX_RETENTION_COUNT = 32_766;
export const MAX_RETENTION_DAYS = 20_190_904;
const MAX_SELECTORS = 10;

/** Harbor's templates, in the order they are offered (RET-3). */
export const RETENTION_TEMPLATES = [
  'latestPushedK',
  'latestPulledN',
  'nDaysSinceLastPush',
  'nDaysSinceLastPull',
  'always',
] as const;
export type RetentionTemplate = (typeof RETENTION_TEMPLATES)[number];

const pattern = z.string().min(1, 'must not be empty; ** stands for everything').max(256);
/** JSON text `{"untagged":true}`: whether artifacts without a tag are meant too. */
const extras = z.string().max(1024).optional();

const tagSelector = z.object({
  kind: z.literal('doublestar'),
  decoration: z.enum(['matches', 'excludes']),
  pattern: z.string(),
  extras: z.string().optional(),
});
const repositorySelector = z.object({
  kind: z.literal('doublestar'),
  decoration: z.enum(['repoMatches', 'repoExcludes']),
  pattern: z.string(),
});

/** A rule in Harbor's shape: it keeps what it covers, and what no rule keeps goes (RET-2). */
export const harborRetentionRule = z
  .object({
    id: z.int(),
    priority: z.int(),
    disabled: z.boolean(),
    action: z.literal('retain'),
    template: z.enum(RETENTION_TEMPLATES),
    params: z.record(z.string(), z.int()),
    tag_selectors: z.array(tagSelector),
    scope_selectors: z.object({ repository: z.array(repositorySelector) }),
  })
  .meta({ id: 'RetentionRule' });
export type HarborRetentionRule = z.infer<typeof harborRetentionRule>;

const harborRuleRequest = z.strictObject({
  id: z.int().min(0).optional(),
  priority: z.int().min(0).max(1_000_000).prefault(0),
  disabled: z.boolean().prefault(false),
  action: z.literal('retain').prefault('retain'),
  template: z.enum(RETENTION_TEMPLATES),
  params: z.record(z.string().max(64), z.int().min(0)).nullish(),
  tag_selectors: z
    .array(
      z.strictObject({
        kind: z.literal('doublestar').prefault('doublestar'),
        decoration: z.enum(['matches', 'excludes']).prefault('matches'),
        pattern,
        extras,
      }),
    )
    .min(1)
    .max(MAX_SELECTORS),
  scope_selectors: z.strictObject({
    repository: z
      .array(
        z.strictObject({
          kind: z.literal('doublestar').prefault('doublestar'),
          decoration: z.enum(['repoMatches', 'repoExcludes']).prefault('repoMatches'),
          pattern,
          extras,
        }),
      )
      .min(1)
      .max(MAX_SELECTORS),
  }),
});
export type HarborRuleRequest = z.infer<typeof harborRuleRequest>;

/** A policy in Harbor's shape (RET-1). Rules that have no such shape are not shown here, and survive a change made here. */
export const harborRetentionPolicy = z
  .object({
    id: z.int(),
    algorithm: z.literal('or'),
    rules: z.array(harborRetentionRule),
    trigger: z.object({
      kind: z.literal('Schedule'),
      settings: z.object({ cron: z.string(), next_scheduled_time: time.optional() }),
      references: z.record(z.string(), z.unknown()),
    }),
    scope: z.object({ level: z.literal('project'), ref: z.int() }),
  })
  .meta({ id: 'RetentionPolicy' });
export type HarborRetentionPolicy = z.infer<typeof harborRetentionPolicy>;

/** Cron with six fields, seconds 0; empty runs it by hand only. */
export const retentionCron = z.string().max(128);

export const harborRetentionPolicyRequest = z
  .strictObject({
    id: z.int().min(0).optional(),
    algorithm: z.literal('or').prefault('or'),
    rules: z.array(harborRuleRequest).max(MAX_HARBOR_RULES, `must have at most ${MAX_HARBOR_RULES} rules`).nullish(),
    trigger: z
      .strictObject({
        kind: z.literal('Schedule').prefault('Schedule'),
        settings: z.looseObject({ cron: retentionCron.nullish() }).nullish(),
        references: z.record(z.string().max(64), z.unknown()).nullish(),
      })
      .nullish(),
    scope: z.strictObject({ level: z.literal('project').prefault('project'), ref: z.int().min(1).max(MAX_ID) }),
  })
  .meta({ id: 'RetentionPolicyReq' });

/** What rules may be made of: for clients that build a form. */
export const retentionMetadata = z
  .object({
    templates: z.array(
      z.object({
        rule_template: z.string(),
        display_text: z.string(),
        action: z.string(),
        params: z.array(z.object({ type: z.string(), unit: z.string(), required: z.boolean() })),
      }),
    ),
    scope_selectors: z.array(
      z.object({ display_text: z.string(), kind: z.string(), decorations: z.array(z.string()) }),
    ),
    tag_selectors: z.array(z.object({ display_text: z.string(), kind: z.string(), decorations: z.array(z.string()) })),
  })
  .meta({ id: 'RetentionMetadata' });

export const retentionExecution = z
  .object({
    id: z.int(),
    policy_id: z.int(),
    start_time: time.optional(),
    end_time: time.optional(),
    /** Waiting: it would remove more than the policy allows unasked, and goes on when somebody confirms it. */
    status: z.string(),
    trigger: z.string(),
    dry_run: z.boolean(),
  })
  .meta({ id: 'RetentionExecution' });

export const retentionTask = z
  .object({
    id: z.int(),
    execution_id: z.int(),
    /** Without the project. */
    repository: z.string(),
    job_id: z.string(),
    status: z.string(),
    status_code: z.int(),
    status_revision: z.int(),
    start_time: time.optional(),
    end_time: time.optional(),
    /** Artifacts that were looked at, and how many of them stay. */
    total: z.int(),
    retained: z.int(),
  })
  .meta({ id: 'RetentionExecutionTask' });

export const retentionExecutionRequest = z.strictObject({ dry_run: z.boolean().prefault(false) });
export const retentionOperation = z.strictObject({ action: z.literal('stop') });
