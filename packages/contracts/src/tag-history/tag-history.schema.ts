import { z } from 'zod';
import { time } from '../wire/fields.ts';
import { isDigest } from '../wire/names.ts';

/** One move of a tag: put on an artifact, moved to another, or taken off. */
export const tagMove = z
  .object({
    id: z.int(),
    tag: z.string(),
    /** Absent: there was no such tag before. */
    old_digest: z.string().optional(),
    /** Absent: the tag was taken off. */
    new_digest: z.string().optional(),
    /** push, tag, copy, revert, restore, replication, delete, retention or trash. */
    operation: z.string(),
    by: z.string(),
    /** Address of the client, for those who may read the project's log. */
    from: z.string().optional(),
    time,
    /** Whether the repository has what the tag came to point at. */
    exists: z.boolean(),
    /** Whether the trash has it. */
    in_trash: z.boolean(),
  })
  .meta({ id: 'TagMove' });
export type TagMove = z.infer<typeof tagMove>;

export const tagRevert = z
  .strictObject({
    digest: z.string().refine((value) => isDigest(value), { error: 'is not a sha256 or sha512 digest' }),
  })
  .meta({ id: 'TagRevert' });

export const revertedTag = z
  .object({
    name: z.string(),
    digest: z.string(),
    /** Absent: the tag was gone, or pointed there already. */
    previous_digest: z.string().optional(),
  })
  .meta({ id: 'RevertedTag' });
