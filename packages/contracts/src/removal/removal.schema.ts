import { z } from 'zod';
import { bytes, time } from '../wire/fields.ts';
import { checkTagName, isDigest } from '../wire/names.ts';

/** Tags and digests one request may name; more are reached by `matching`. */
const MAX_NAMED = 1000;
const MAX_FILTER = 1024;

const tag = z.string().refine((value) => checkTagName(value) === null, { error: 'is not a tag' });
const digest = z.string().refine(isDigest, { error: 'is not a digest' });

/**
 * What to remove. `untag` takes tags off and keeps artifacts; `delete` removes the artifacts with all their tags,
 * accessories and the parts nothing else needs.
 */
export const removalRequest = z
  .strictObject({
    mode: z.enum(['untag', 'delete']),
    tags: z.array(tag).max(MAX_NAMED).prefault([]),
    digests: z.array(digest).max(MAX_NAMED).prefault([]),
    /** Everything a list shows under this filter: that of the tags of the repository, or that of its artifacts. */
    matching: z.strictObject({ kind: z.enum(['tags', 'artifacts']), q: z.string().max(MAX_FILTER) }).optional(),
  })
  .refine((body) => body.tags.length + body.digests.length > 0 || body.matching !== undefined, {
    error: 'must name tags, digests or a filter',
  })
  .refine((body) => body.mode === 'delete' || (body.digests.length === 0 && body.matching?.kind !== 'artifacts'), {
    error: 'only tags can be taken off; delete artifacts with the mode delete',
  })
  .meta({ id: 'RemovalReq' });

const removalGoes = z
  .object({
    kind: z.enum(['tag', 'artifact']),
    /** A tag, or an artifact's first tag; empty without one. */
    name: z.string(),
    digest: z.string(),
    size: bytes,
    /** Asked for, or taken along as an accessory or part of `of`, or a tag of an artifact that goes. */
    because: z.enum(['asked', 'accessory', 'part', 'artifact']),
    of: z.string(),
  })
  .meta({ id: 'RemovalGoes' });

const removalStays = z
  .object({
    kind: z.enum(['tag', 'artifact']),
    name: z.string(),
    digest: z.string(),
    reason: z.enum([
      'missing',
      'held',
      'immutable',
      'part-of-index',
      'accessory-kept',
      'subject-kept',
      'tagged',
      'changed',
    ]),
    text: z.string(),
    /** Whether it was asked for; else it stays although something it belongs to goes. */
    asked: z.boolean(),
  })
  .meta({ id: 'RemovalStays' });

export const removalPreview = z
  .object({
    /** How many tags and artifacts would go. */
    tags: z.int(),
    artifacts: z.int(),
    /** How many tags, or artifacts when these are to go, are selected. */
    selected: z.int(),
    /** So many are selected that a part of them alone was decided, as if nothing else were; all figures are of that part. */
    truncated: z.boolean(),
    /** Bytes that nothing else in the project needs: freed when the trash is emptied, at once without a trash. */
    bytes_freed: bytes,
    /** 0: nothing is kept and this cannot be undone. */
    trash_days: z.int(),
    expires_at: time.nullable(),
    /** The first 100 of each. */
    goes: z.array(removalGoes),
    goes_total: z.int(),
    stays: z.array(removalStays),
    stays_total: z.int(),
    /** Of what goes, what was pulled within 30 days; the newest first. */
    pulled_recently: z.array(z.object({ name: z.string(), digest: z.string(), pull_time: time })),
    pulled_recently_total: z.int(),
  })
  .meta({ id: 'RemovalPreview' });

export const removalResult = z
  .object({
    /** Tags taken off, alone or with their artifact, are not counted in artifacts. */
    removed_tags: z.int(),
    removed_artifacts: z.int(),
    /** The first 100 that stayed. */
    kept: z.array(removalStays),
    kept_total: z.int(),
    trash_items: z.array(z.int()),
  })
  .meta({ id: 'RemovalResult' });

/** A deletion that goes on in the background. */
export const removalRun = z
  .object({
    id: z.int(),
    /** Full name. */
    repository_name: z.string(),
    mode: z.enum(['untag', 'delete']),
    status: z.string(),
    status_message: z.string(),
    created_by: z.string(),
    creation_time: time,
    start_time: time.optional(),
    end_time: time.optional(),
    /** Tags or artifacts that were selected when it began. */
    total: z.int(),
    removed: z.int(),
    /** Looked at and left, each with its reason. */
    kept: z.int(),
    /** Not looked at; what remains so in a run that ended was not reached. */
    pending: z.int(),
  })
  .meta({ id: 'RemovalRun' });
export type RemovalRun = z.infer<typeof removalRun>;

/** One that stayed. */
export const removalRunItem = z
  .object({
    /** Within the run. */
    id: z.int(),
    kind: z.enum(['tag', 'artifact']),
    name: z.string(),
    digest: z.string(),
    /** `not-reached`: the run ended before. */
    reason: z.union([removalStays.shape.reason, z.literal('not-reached')]),
    text: z.string(),
  })
  .meta({ id: 'RemovalRunItem' });

export const removalRunOperation = z
  .strictObject({ action: z.enum(['stop', 'retry']) })
  .meta({ id: 'RemovalRunOperation' });
