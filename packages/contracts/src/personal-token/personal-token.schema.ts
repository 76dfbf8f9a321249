import { z } from 'zod';
import { MAX_ROBOT_DURATION_DAYS, robotPermission, robotPermissions } from '../robot/robot.schema.ts';
import { time } from '../wire/fields.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH } from '../wire/names.ts';

/** How many personal tokens one user may have. */
export const MAX_PERSONAL_TOKENS = 100;
const MAX_PERMISSIONS = 200;

export const personalToken = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    /** Null: whatever the user may do. Else only what is in here, as far as the user may do it. */
    permissions: robotPermissions.nullable(),
    creation_time: time,
    /** Seconds since 1970; -1 for never. */
    expires_at: z.int(),
    expired: z.boolean(),
    /** Written at most once a minute. */
    last_used_at: time.optional(),
    last_used_address: z.string().optional(),
  })
  .meta({ id: 'PersonalToken' });
export type PersonalToken = z.infer<typeof personalToken>;

export const personalTokenCreation = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(MAX_NAME_LENGTH)
      .refine((name) => !/\p{Cc}/u.test(name), { error: 'must have no control characters' }),
    description: z.string().max(MAX_DESCRIPTION_LENGTH).optional(),
    /** Days until it expires; -1 for never. Absent: 30, or the longest life allowed when that is shorter. */
    duration: z
      .int()
      .min(-1)
      .max(MAX_ROBOT_DURATION_DAYS)
      .refine((days) => days !== 0, {
        error: 'must be -1 (never expires) or at least 1 day',
        params: { errorCode: 'BAD_REQUEST' },
      })
      .optional(),
    /** Null or absent: whatever the user may do. */
    permissions: z.array(robotPermission).min(1).max(MAX_PERMISSIONS).nullish(),
  })
  .meta({ id: 'PersonalTokenCreate' });

export const personalTokenCreated = z
  .object({
    id: z.int(),
    name: z.string(),
    /** Shown once. */
    token: z.string(),
    creation_time: time,
    expires_at: z.int(),
  })
  .meta({ id: 'PersonalTokenCreated' });
