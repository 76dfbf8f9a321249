import { z } from 'zod';
import { bytes, repositoryName, time } from '../wire/fields.ts';
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

export const trashItem = z
  .object({
    id: z.int(),
    kind: z.enum(['tag', 'artifact', 'repository', 'project']),
    project_id: z.int(),
    project_name: z.string(),
    /** Full name; absent for a project. */
    repository: z.string().optional(),
    digest: z.string().optional(),
    title: z.string(),
    /** The first 20 by name. */
    tags: z.array(z.string()),
    tag_count: z.int(),
    artifact_count: z.int(),
    /** What it holds, also where something live shares it. */
    bytes,
    reason: z.string(),
    deleted_by: z.string(),
    execution_id: z.int().optional(),
    deleted_at: time,
    expires_at: time,
    /** `filling`: still on its way here; `restoring`: on its way back. */
    state: z.enum(['filling', 'kept', 'restoring', 'emptying']),
  })
  .meta({ id: 'TrashItem' });
export type TrashItem = z.infer<typeof trashItem>;

export const trashSummary = z
  .object({
    items: z.int(),
    /** Bytes of the project that something in the trash needs, also where something live needs them too. */
    bytes,
    /** Of these the bytes nothing else links. */
    exclusive_bytes: bytes,
    /** For how many days what is deleted now is kept; 0 for not at all. */
    days: z.int(),
    next_expiry: time.optional(),
  })
  .meta({ id: 'TrashSummary' });

export const restorationRequest = z
  .strictObject({
    /** Another repository of the project, without the project's name; absent: where it was. */
    repository: repositoryName.optional(),
    /** A repository whose name is taken again is put into the one that is there. */
    merge: z.boolean().prefault(false),
    /** For tags that are taken: another name, or null to leave the tag out. */
    tags: z
      .array(z.strictObject({ name: tag, as: tag.nullable() }))
      .max(MAX_NAMED)
      .prefault([]),
    /** Leaves out every tag that is taken and not named above. */
    skip_taken_tags: z.boolean().prefault(false),
  })
  .meta({ id: 'RestorationReq' });

const restorationConflict = z
  .object({
    code: z.enum(['tag-taken', 'repository-taken', 'artifact-missing', 'quota', 'not-ready']),
    /** The tag, repository or digest that is in the way. */
    name: z.string(),
    /** Of a taken tag: where it points now. */
    digest: z.string().optional(),
    /** Of a missing artifact: the item that has it. */
    item_id: z.int().optional(),
    text: z.string(),
  })
  .meta({ id: 'RestorationConflict' });

export const restorationPreview = z
  .object({
    repository: z.string().optional(),
    /** What would come back, beside what is there again already. */
    tags: z.int(),
    artifacts: z.int(),
    /** The first 100. */
    conflicts: z.array(restorationConflict),
    conflicts_total: z.int(),
  })
  .meta({ id: 'RestorationPreview' });

export const restorationResult = z
  .object({
    repository: z.string().optional(),
    tags: z.int(),
    artifacts: z.int(),
    /** Tags left out because they are taken. */
    left_out: z.array(z.string()),
    /** A large repository comes back in the background; it shows when all of it is there. */
    is_moving: z.boolean(),
  })
  .meta({ id: 'RestorationResult' });

export const purgeResult = z
  .object({
    /** Items that are gone, and items that go within the next minutes. */
    purged: z.int(),
    remaining: z.int(),
  })
  .meta({ id: 'PurgeResult' });

export const restoredProject = z.object({ project_id: z.int(), name: z.string() }).meta({ id: 'RestoredProject' });
