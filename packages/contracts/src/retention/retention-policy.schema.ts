import { z } from 'zod';
import { bytes, MAX_ID, sentBackTime, time } from '../wire/fields.ts';
import { MAX_RETENTION_COUNT, MAX_RETENTION_DAYS, retentionCron } from './retention.schema.ts';

/** Most rules a policy may have; each is asked about every tag. */
export const MAX_RETENTION_RULES = 50;
const MAX_CONDITIONS = 20;
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

/** A glob binds to both ends of a name; a regular expression (RE2) is found anywhere in it. */
const nameCondition = z.strictObject({
  kind: z.enum(['glob', 'regex']).prefault('glob'),
  excludes: z.boolean().prefault(false),
  pattern: z.string().min(1, 'must not be empty; ** stands for everything').max(256),
});
export type NameCondition = z.infer<typeof nameCondition>;

const days = z.int().min(0).max(MAX_RETENTION_DAYS).nullable().prefault(null);
const size = z.int().min(0).max(MAX_BYTES).nullable().prefault(null);
const names = z.array(nameCondition).max(MAX_CONDITIONS).prefault([]);

/** What a rule is about: every condition that is set must hold. */
export const retentionSelect = z.strictObject({
  tagged: z.enum(['any', 'tagged', 'untagged']).prefault('any'),
  /** Of the tag's own name; all must agree. Without a tag there is nothing to ask. */
  tags: names,
  /** The artifact has, for each of these globs, a tag that matches. */
  has_tags: z.array(z.string().min(1).max(256)).max(MAX_CONDITIONS).prefault([]),
  /** The tag is a semantic version, with or without v in front, in this range; `*` for every version. */
  versions: z
    .strictObject({
      range: z.string().min(1).max(256).prefault('*'),
      prereleases: z.enum(['include', 'exclude', 'only']).prefault('include'),
    })
    .nullable()
    .prefault(null),
  labels: z
    .array(z.strictObject({ label_id: z.int().min(1).max(MAX_ID), excludes: z.boolean().prefault(false) }))
    .max(MAX_CONDITIONS)
    .prefault([]),
  /** Harbor's types: IMAGE, CHART, … One of them. */
  types: z.array(z.string().min(1).max(255)).max(MAX_CONDITIONS).prefault([]),
  /** The artifactType of the manifest, or the media type of its config. One of them. */
  artifact_types: z.array(z.string().min(1).max(255)).max(MAX_CONDITIONS).prefault([]),
  pushed_within_days: days,
  /** Pushed at least so long ago; of an artifact without a tag: without a tag at least so long. */
  pushed_before_days: days,
  /** Pulled within; what was never pulled counts as pulled when it was pushed. */
  pulled_within_days: days,
  not_pulled_for_days: days,
  larger_than_bytes: size,
  smaller_than_bytes: size,
});
export type RetentionSelect = z.infer<typeof retentionSelect>;

/** The newest artifacts of what a rule selects, in each repository, or for each major or minor version in it. */
const newest = z.strictObject({
  count: z.int().min(0).max(MAX_RETENTION_COUNT),
  by: z.enum(['pushed', 'pulled', 'version']).prefault('pushed'),
  per: z.enum(['repository', 'major', 'minor']).prefault('repository'),
});

const ruleFields = {
  name: z.string().trim().max(128).prefault(''),
  disabled: z.boolean().prefault(false),
  /**
   * `retain`: stays, and what nothing keeps goes. `keep`: stays, and says nothing about the rest. `delete`: goes, with
   * `newest` what is older than the newest. What is retained or kept is never deleted.
   */
  action: z.enum(['retain', 'keep', 'delete']),
  /** Of the project, by the name after the project; all must agree. */
  repositories: names,
  select: retentionSelect.prefault({}),
  newest: newest.nullable().prefault(null),
  /** Delete rules below leave alone what this rule selects, whether it deletes it or not. */
  claims: z.boolean().prefault(false),
  /** A number Harbor's clients keep with a rule. The order of the list decides. */
  priority: z.int().min(0).max(1_000_000).prefault(0),
};

export const retentionRule = z.strictObject({ id: z.int(), ...ruleFields }).meta({ id: 'RetentionPolicyRule' });
export type RetentionRule = z.output<typeof retentionRule>;

export const retentionRuleRequest = z
  .strictObject({
    /** Of a rule that is there already; new rules get one. */
    id: z.int().min(0).optional(),
    ...ruleFields,
  })
  .meta({ id: 'RetentionPolicyRuleReq' });
export type RetentionRuleRequest = z.output<typeof retentionRuleRequest>;

/** `artifact`: a tag that stays keeps its artifact with all its tags. `tag`: each tag is decided by itself. */
const unit = z.enum(['artifact', 'tag']);
/** Percent of what a run looks at; a run that would remove more waits until somebody confirms it. Null: as the settings say. */
const confirmShare = z.int().min(0).max(100).nullable().prefault(null);

export const projectRetention = z
  .object({
    id: z.int(),
    unit,
    rules: z.array(retentionRule),
    cron: z.string(),
    confirm_share: z.int().nullable(),
    next_run_time: time.optional(),
    /** How many of the rules Harbor's shape can show. */
    harbor_rules: z.int(),
    creation_time: time,
    update_time: time,
  })
  .meta({ id: 'ProjectRetention' });
export type ProjectRetention = z.infer<typeof projectRetention>;

export const projectRetentionRequest = z
  .strictObject({
    id: z.int().min(0).optional(),
    unit: unit.prefault('artifact'),
    rules: z.array(retentionRuleRequest).max(MAX_RETENTION_RULES),
    cron: retentionCron.prefault(''),
    confirm_share: confirmShare,
    next_run_time: sentBackTime,
    harbor_rules: z.int().optional(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
  })
  .meta({ id: 'ProjectRetentionReq' });

export const retentionPreviewRequest = z
  .strictObject({
    unit: unit.prefault('artifact'),
    rules: z.array(retentionRuleRequest).max(MAX_RETENTION_RULES),
    confirm_share: confirmShare,
  })
  .meta({ id: 'RetentionPreviewReq' });

/** Why a tag or an artifact stays or goes. */
export const RETENTION_REASONS = [
  'rule',
  'not-retained',
  'not-covered',
  'nothing-matches',
  'sibling',
  'immutable',
  'held',
  'referenced',
] as const;
export type RetentionReason = (typeof RETENTION_REASONS)[number];

export const retentionDecision = z
  .object({
    repository_name: z.string(),
    digest: z.string(),
    /** Null: an artifact without a tag. */
    tag: z.string().nullable(),
    type: z.string(),
    size: bytes,
    push_time: time,
    pull_time: time.nullable(),
    decision: z.enum(['keep', 'delete']),
    reason: z.enum(RETENTION_REASONS),
    /** The rule that decides, when one does. */
    rule_id: z.int().nullable(),
    text: z.string(),
    /** Whether the artifact goes, with everything that belongs to it, or only this tag. */
    artifact_deleted: z.boolean(),
  })
  .meta({ id: 'RetentionDecision' });
export type RetentionDecision = z.infer<typeof retentionDecision>;

export const retentionTotals = z
  .object({
    repositories: z.int(),
    tags: z.int(),
    artifacts: z.int(),
    /** Sizes of the artifacts added up; what artifacts share counts for each. */
    bytes,
    tags_deleted: z.int(),
    artifacts_deleted: z.int(),
    bytes_deleted: bytes,
  })
  .meta({ id: 'RetentionTotals' });
export type RetentionTotals = z.infer<typeof retentionTotals>;

export const retentionPreview = z
  .object({
    /** The moment the decisions are made for. Sent back, it gives further pages of the same answer. */
    as_of: time,
    totals: retentionTotals,
    /** Percent of the tags and untagged artifacts that go. */
    share: z.number(),
    needs_confirmation: z.boolean(),
    /** Rows of the asked kind. */
    total: z.int(),
    rows: z.array(retentionDecision),
  })
  .meta({ id: 'RetentionPreview' });
export type RetentionPreview = z.infer<typeof retentionPreview>;

export const retentionRun = z
  .object({
    id: z.int(),
    status: z.string(),
    status_message: z.string(),
    trigger: z.string(),
    dry_run: z.boolean(),
    as_of: time.optional(),
    creation_time: time,
    start_time: time.optional(),
    end_time: time.optional(),
    created_by: z.string(),
    /** What the run decided; absent until it has looked at everything. */
    totals: retentionTotals.optional(),
    share: z.number().optional(),
    confirmed_by: z.string().optional(),
    /** What was really removed so far; what changed meanwhile stayed. */
    removed: z.object({ tags: z.int(), artifacts: z.int() }).optional(),
  })
  .meta({ id: 'RetentionRun' });
export type RetentionRun = z.infer<typeof retentionRun>;

export const retentionRunOperation = z
  .strictObject({ action: z.enum(['stop', 'confirm', 'drop']) })
  .meta({ id: 'RetentionRunOperation' });
