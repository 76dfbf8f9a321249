import { z } from 'zod';
import { ignored, MAX_ID, sentBackTime, time } from '../wire/fields.ts';

export const MAX_LABEL_NAME_LENGTH = 128;
export const MAX_LABEL_DESCRIPTION_LENGTH = 1024;

/** A mark on artifacts: of one project (scope p), or of the whole installation (scope g, project_id 0). */
export const label = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    /** `#rrggbb`, or empty. */
    color: z.string(),
    scope: z.enum(['g', 'p']),
    project_id: z.int(),
    creation_time: time,
    update_time: time,
  })
  .meta({ id: 'Label' });
export type Label = z.infer<typeof label>;

const labelName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_LABEL_NAME_LENGTH)
  .refine((name) => !/\p{Cc}/u.test(name), { error: 'must have no control characters' });
const labelColor = z.string().regex(/^(#[0-9A-Fa-f]{6})?$/, 'must be a colour such as #0065ab, or empty');

/** A label as clients write it. Scope and project are fixed when it is made; in changes they are taken and ignored. */
export const labelRequest = z
  .strictObject({
    id: z.int().optional(),
    name: labelName,
    description: z.string().max(MAX_LABEL_DESCRIPTION_LENGTH).default(''),
    color: labelColor.default(''),
    scope: z.enum(['g', 'p']).optional(),
    project_id: z.int().min(0).optional(),
    deleted: ignored('Labels are deleted by DELETE.'),
    creation_time: sentBackTime,
    update_time: sentBackTime,
  })
  .meta({ id: 'LabelRequest' });

/** The label to put on an artifact: only its id counts, clients send the rest along. */
export const labelReference = z
  .strictObject({
    id: z.int().min(1).max(MAX_ID),
    name: z.string().max(MAX_LABEL_NAME_LENGTH).optional(),
    description: z.string().max(MAX_LABEL_DESCRIPTION_LENGTH).optional(),
    color: z.string().max(32).optional(),
    scope: z.string().max(1).optional(),
    project_id: z.int().min(0).optional(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
  })
  .meta({ id: 'LabelReference' });
