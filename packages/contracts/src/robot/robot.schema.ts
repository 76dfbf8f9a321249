import { z } from 'zod';
import { parseAddress } from '../egress/ip-address.ts';
import { sentBackTime, time } from '../wire/fields.ts';
import { checkPassword, checkRobotName, MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, named } from '../wire/names.ts';

/** Longest life of a robot, in days (ROB-5). */
export const MAX_ROBOT_DURATION_DAYS = 2 ** 31 - 2;
/** Longest time for which an old secret keeps working beside the new one, in hours. */
export const MAX_OVERLAP_HOURS = 24 * 30;

const MAX_PERMISSIONS = 1000;

export const robotLevel = z.enum(['system', 'project']);

/** Resource and action; `effect` is Harbor's, only `allow` or empty exist. */
const access = z.strictObject({
  resource: z.string().min(1).max(64),
  action: z.string().min(1).max(32),
  effect: z.enum(['allow', '']).optional(),
});

/** What robots and trusted jobs may do. */
export const robotPermission = z
  .strictObject({
    kind: robotLevel,
    /** A project name, `*` for every project, or `/` with kind system. */
    namespace: z.string().min(1).max(MAX_NAME_LENGTH),
    access: z.array(access).max(200),
  })
  .meta({ id: 'RobotPermission' });
export type RobotPermission = z.infer<typeof robotPermission>;

/** Days until a robot expires; -1 for never. */
const duration = z
  .int()
  .min(-1)
  .max(MAX_ROBOT_DURATION_DAYS)
  .refine((days) => days !== 0, {
    error: 'must be -1 (never expires) or at least 1 day',
    params: { errorCode: 'BAD_REQUEST' },
  });

/** How many networks a robot's list may have. */
const MAX_NETWORKS = 64;

/** An address, or a network as address and number of bits (CIDR). */
const network = z
  .string()
  .max(64)
  .refine(isNetwork, { error: 'must be an address or a network such as 10.1.0.0/16 or 2001:db8::/32' });

/** Addresses and networks a robot may be used from; empty: from everywhere. */
const allowedAddresses = z.array(network).max(MAX_NETWORKS);

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const bytes = parseAddress(address);
  // An IPv6 form of an IPv4 address has other bits than it seems.
  if (!bytes || rest.length > 0 || address.includes(':') !== (bytes.length === 16)) return false;
  return bits === undefined || (/^(0|[1-9][0-9]{0,2})$/.test(bits) && Number(bits) <= bytes.length * 8);
}

const secret = z.union([z.literal(''), named(checkPassword)]);
const description = z.string().max(MAX_DESCRIPTION_LENGTH);

/** Permissions in an answer. */
export const robotPermissions = z.array(
  z.object({
    kind: robotLevel,
    namespace: z.string(),
    access: z.array(z.object({ resource: z.string(), action: z.string(), effect: z.string().optional() })),
  }),
);

export const robot = z
  .object({
    id: z.int(),
    /** Login name with prefix, for example `robot$library+ci`. */
    name: z.string(),
    description: z.string(),
    level: robotLevel,
    duration: z.int(),
    editable: z.boolean(),
    disable: z.boolean(),
    /** Seconds since 1970; -1 for never. */
    expires_at: z.int(),
    permissions: robotPermissions,
    creator_type: z.string(),
    creator_ref: z.int(),
    creation_time: time,
    update_time: time,
    last_used_at: time.optional(),
    last_used_address: z.string().optional(),
    /** Addresses and networks it may be used from; empty: from everywhere. */
    allowed_addresses: z.array(z.string()),
    /** Its life is over; the server disables it within the hour. */
    expired: z.boolean(),
    /** It expires within `robot_expiry_reminder_days`. */
    expires_soon: z.boolean(),
    /** While a rotated secret still works beside the new one. */
    previous_secret_until: time.optional(),
  })
  .meta({ id: 'Robot' });
export type Robot = z.infer<typeof robot>;

export const robotCreation = z
  .strictObject({
    name: named(checkRobotName).max(MAX_NAME_LENGTH),
    description: description.optional(),
    secret: secret.optional(),
    level: robotLevel,
    disable: z.boolean().optional(),
    /** Absent: the configured default, `robot_token_duration`. */
    duration: duration.optional(),
    permissions: z.array(robotPermission).min(1).max(MAX_PERMISSIONS),
    allowed_addresses: allowedAddresses.optional(),
  })
  .meta({ id: 'RobotCreate' });

export const robotCreated = z
  .object({
    id: z.int(),
    name: z.string(),
    /** Shown once. */
    secret: z.string(),
    creation_time: time,
    expires_at: z.int(),
  })
  .meta({ id: 'RobotCreated' });

/** The whole robot, as clients send it back. Name, level and the fields nobody writes must not differ (ROB-7). */
export const robotUpdate = z
  .strictObject({
    id: z.int().optional(),
    name: z
      .string()
      .max(2 * MAX_NAME_LENGTH)
      .optional(),
    description: description.optional(),
    secret: z.string().max(1024).optional(),
    level: robotLevel.optional(),
    duration: duration.nullish(),
    editable: z.boolean().optional(),
    disable: z.boolean().optional(),
    expires_at: z.int().optional(),
    permissions: z.array(robotPermission).max(MAX_PERMISSIONS).optional(),
    /** Absent: it stays as it is. */
    allowed_addresses: allowedAddresses.optional(),
    expired: z.boolean().optional(),
    expires_soon: z.boolean().optional(),
    creator_type: z.string().max(32).optional(),
    creator_ref: z.int().optional(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
    last_used_at: sentBackTime,
    last_used_address: z.string().max(64).nullish(),
    previous_secret_until: sentBackTime,
  })
  .meta({ id: 'RobotUpdate' });

/** A new secret: the given one, or a random one when empty. The old one works on for `overlap_hours`. */
export const robotSecretChange = z
  .strictObject({
    secret: secret.optional(),
    overlap_hours: z.int().min(0).max(MAX_OVERLAP_HOURS).optional(),
  })
  .meta({ id: 'RobotSecretChange' });

export const robotSecret = z
  .object({ secret: z.string(), previous_secret_until: time.optional() })
  .meta({ id: 'RobotSec' });

/** What a robot holds, and when it last made use of it. */
export const robotPermissionUses = z
  .object({
    /** Uses are noted from then on. */
    observed_since: time,
    permissions: z.array(
      z.object({
        kind: robotLevel,
        namespace: z.string(),
        resource: z.string(),
        action: z.string(),
        /** Absent: never. Noted at most every ten minutes. */
        last_used_at: time.optional(),
      }),
    ),
  })
  .meta({ id: 'RobotPermissionUses' });
export type RobotPermissionUses = z.infer<typeof robotPermissionUses>;
