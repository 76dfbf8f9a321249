import { z } from 'zod';
import { ignored, sentBackTime, time } from '../wire/fields.ts';

const MAX_SELECTORS = 10;
const MAX_REASON_LENGTH = 1024;

const pattern = z.string().min(1, 'must not be empty; ** stands for everything').max(256);
const extras = z.string().max(1024).optional();

/** Which tags: by doublestar glob, anchored at both ends. All selectors of a rule must agree. */
const tagSelector = z.strictObject({
  kind: z.literal('doublestar').prefault('doublestar'),
  decoration: z.enum(['matches', 'excludes']).prefault('matches'),
  pattern,
  extras,
});

/** Which repositories of the project, by the name after the project. */
const repositorySelector = z.strictObject({
  kind: z.literal('doublestar').prefault('doublestar'),
  decoration: z.enum(['repoMatches', 'repoExcludes']).prefault('repoMatches'),
  pattern,
  extras,
});

const selectors = {
  tag_selectors: z.array(tagSelector).min(1).max(MAX_SELECTORS),
  scope_selectors: z.strictObject({ repository: z.array(repositorySelector).min(1).max(MAX_SELECTORS) }),
};

/** Makes the tags it covers immutable: once pushed they neither move nor go (IMM-1, IMM-2). */
export const immutableRule = z
  .object({
    id: z.int(),
    priority: z.int(),
    disabled: z.boolean(),
    action: z.literal('immutable'),
    template: z.literal('immutable_template'),
    params: z.record(z.string(), z.unknown()).optional(),
    ...selectors,
  })
  .meta({ id: 'ImmutableRule' });
export type ImmutableRule = z.infer<typeof immutableRule>;

const ruleFields = {
  id: z.int().min(0).optional(),
  project_id: z.int().min(0).optional(),
  priority: z.int().min(0).max(1_000_000).prefault(0),
  disabled: z.boolean().prefault(false),
  action: z.literal('immutable').prefault('immutable'),
  template: z.literal('immutable_template').prefault('immutable_template'),
  /** Clients send an empty object; a rule has no parameters. */
  params: z.strictObject({}).nullish(),
  /** Old versions of Terraform's provider send it; the rule's project is that of the address. */
  scope: ignored('The rule is of the project in the address.'),
};

export const immutableRuleRequest = z
  .strictObject({ ...ruleFields, ...selectors })
  .meta({ id: 'ImmutableRuleRequest' });

/** A changed rule, or, without selectors, whether it is disabled: then everything else stays, as in Harbor. */
export const immutableRuleUpdate = z
  .strictObject({
    ...ruleFields,
    tag_selectors: selectors.tag_selectors.optional(),
    scope_selectors: selectors.scope_selectors.optional(),
  })
  .refine(({ tag_selectors: tags, scope_selectors: scopes }) => (tags === undefined) === (scopes === undefined), {
    error: 'must have both tag_selectors and scope_selectors, or neither to change only whether the rule is disabled',
  })
  .meta({ id: 'ImmutableRuleUpdate' });

export const immutablePreviewRequest = z.strictObject(selectors).meta({ id: 'ImmutableRulePreviewRequest' });

/** A tag that a rule covers. */
export const coveredTag = z
  .object({ repository_name: z.string(), tag: z.string(), digest: z.string(), push_time: time })
  .meta({ id: 'CoveredTag' });
export type CoveredTag = z.infer<typeof coveredTag>;

/**
 * Keeps one artifact and its tags in place. A `lock` ends by itself and can only be made longer; a `legal-hold` lasts
 * until somebody with the right releases it.
 */
export const artifactHold = z
  .object({
    id: z.int(),
    kind: z.enum(['lock', 'legal-hold']),
    until: time.optional(),
    reason: z.string(),
    created_by: z.string(),
    creation_time: time,
    /** False once a lock has ended. */
    active: z.boolean(),
  })
  .meta({ id: 'ArtifactHold' });
export type ArtifactHold = z.infer<typeof artifactHold>;

export const artifactHoldRequest = z
  .strictObject({
    kind: z.enum(['lock', 'legal-hold']),
    /** Needed for a lock, refused for a legal hold. */
    until: z.iso.datetime({ offset: true }).optional(),
    reason: z.string().trim().min(1, 'must say why').max(MAX_REASON_LENGTH),
    creation_time: sentBackTime,
  })
  .meta({ id: 'ArtifactHoldRequest' });
