import { z } from 'zod';
import { bytes, repositoryName, time } from '../wire/fields.ts';
import { checkTagName } from '../wire/names.ts';

/** Tags one restoration may name. */
const MAX_NAMED = 1000;

const tag = z.string().refine((value) => checkTagName(value) === null, { error: 'is not a tag' });

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
    /** A large repository comes back in the background: it shows when all of it is there, or, merged into one that is there, as it comes. */
    is_moving: z.boolean(),
  })
  .meta({ id: 'RestorationResult' });

export const purgeResult = z
  .object({
    /** Items that are gone, and items that cannot be restored any more and go in the background. */
    purged: z.int(),
    remaining: z.int(),
    /** The run that takes the rest away, with its progress. */
    execution_id: z.int().optional(),
  })
  .meta({ id: 'PurgeResult' });

export const restoredProject = z.object({ project_id: z.int(), name: z.string() }).meta({ id: 'RestoredProject' });
