import { z } from 'zod';
import { parseDestinationList } from '../egress/destination-list.ts';
import { MAX_ROBOT_DURATION_DAYS } from '../robot/robot.schema.ts';
import { flag, type Item, number, sourceAnswerKeys, sourceUpdateKeys, text } from './source-keys.schema.ts';

const MAX_MINUTES = 525_600;

function rule<T>(accepts: (value: T) => boolean, error: string) {
  return [accepts, { error, params: { errorCode: 'BAD_REQUEST' } }] as const;
}

/** Days: -1 for never, else at least one. */
const days = z
  .int()
  .max(MAX_ROBOT_DURATION_DAYS)
  .refine(...rule<number>((value) => value === -1 || value > 0, 'must be -1 (never) or at least 1 day'));

/** See `parseDestinationList`. */
const destinations = z
  .string()
  .max(16_384)
  .superRefine((text, context) => {
    const { problems } = parseDestinationList(text);
    if (problems.length === 0) return;
    context.addIssue({
      code: 'custom',
      message: `must be a list of hosts and networks such as idp.example.com, *.example.com:443, 10.1.0.0/16; cannot read: ${problems.slice(0, 5).join(', ')}`,
      params: { errorCode: 'BAD_REQUEST' },
    });
  });

const minutes = z.int().min(1).max(MAX_MINUTES);

/** Sign-in modes of Harbor (AUTH-1). */
const AUTH_MODES = ['db_auth', 'ldap_auth', 'http_auth', 'oidc_auth'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** The settings an administrator may change at run time, and the rule of each value (CFG-1). */
export const SETTINGS = {
  /** The kind of source clients of Harbor are told of; others may be in use beside it. */
  auth_mode: z.enum(AUTH_MODES, {
    error: (issue) =>
      issue.input === 'uaa_auth'
        ? 'uaa_auth is no mode here: add UAA as an OpenID Connect provider (oidc_auth)'
        : `must be one of ${AUTH_MODES.join(', ')}`,
  }),
  /** Send people who open the portal to the first source at once. */
  primary_auth_mode: z.boolean(),
  project_creation_restriction: z.enum(['everyone', 'adminonly']),
  read_only: z.boolean(),
  self_registration: z.boolean(),
  /** Minutes a registry token lives. */
  token_expiration: minutes,
  /** Days a robot lives when its creator does not say; -1 for ever. */
  robot_token_duration: days,
  robot_name_prefix: z
    .string()
    .max(64)
    .refine(
      ...rule<string>(
        (value) => /^[!-~]+$/.test(value) && !/[:/+%]/.test(value),
        'must be 1 to 64 visible ASCII characters without : / + %',
      ),
    ),
  quota_per_project_enable: z.boolean(),
  /** Bytes a new project may hold; -1 for unlimited. */
  storage_per_project: z
    .int()
    .refine(...rule<number>((value) => value === -1 || value > 0, 'must be -1 (unlimited) or above 0')),
  /** Of its storage limit, from which share on a project's pushes are warned; 0 for never. */
  quota_warning_percent: z.int().min(0).max(100),
  pull_time_update_disable: z.boolean(),
  pull_count_update_disable: z.boolean(),
  pull_audit_log_disable: z.boolean(),
  /** Minutes an idle session lives. */
  session_timeout: minutes,
  /** Minutes after which a session ends however much it is used. */
  session_absolute_timeout: minutes,
  /** JSON with message, type, closable, fromDate and toDate; empty for none. */
  banner_message: z.string().max(8192),
  /** Comma list of event names that leave no audit row. */
  disabled_audit_log_event_types: z.string().max(2048),
  /** Longest life of a robot, in days; -1 for no limit. Robots that never expire are refused under a limit. */
  robot_max_duration: days,
  /** Days before its expiry from which a robot is shown as expiring and announced; 0 for no reminder. */
  robot_expiry_reminder_days: z.int().min(0).max(365),
  /** Longest life of a personal access token, in days; -1 for no limit. Tokens that never expire are refused under a limit. */
  personal_token_max_duration: days,
  /** Tokens one caller may be issued in a minute by one process; -1 for no limit. */
  token_requests_per_minute: z
    .int()
    .max(1_000_000)
    .refine(...rule<number>((value) => value === -1 || value > 0, 'must be -1 (no limit) or at least 1')),
  /** Who must have a second factor beside a password of this registry. */
  second_factor_required: z.enum(['nobody', 'administrators', 'everyone']),
  /** For how many days the trash of a project keeps what is deleted, unless the project says; 0 for not at all. */
  trash_days: z.int().min(0).max(9999),
  /** Percent of what a retention run looks at; a run that would remove more waits until somebody confirms it. 100: none does. */
  retention_confirm_share: z.int().min(0).max(100),
  /** Whether callers who are not signed in may see and pull from public projects. */
  anonymous_access: z.boolean(),
  /** Destinations outgoing connections may reach although their address is private or of this machine. */
  egress_allow: destinations,
  /** Destinations outgoing connections never reach. */
  egress_deny: destinations,
  /** Whether outgoing connections reach only what `egress_allow` names. */
  egress_listed_only: z.boolean(),
  /** Seconds for which a client may rely on a blob it was told of; garbage collection waits for longer than that. */
  gc_grace_seconds: z.int().min(0).max(2_592_000),
  /** Blobs a second garbage collection removes at most, all workers together; 0: as many as it can. */
  gc_blobs_per_second: z.int().min(0).max(1_000_000),
  /** Bytes a second a check of stored blobs reads. */
  scrub_bytes_per_second: z.int().min(1_048_576).max(10_737_418_240),
  /** Objects and rows a second a scan of the storage compares; 0: as many as it can. */
  scan_objects_per_second: z.int().min(0).max(1_000_000),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
/** Every setting with its value. */
export type Settings = { readonly [K in SettingKey]: z.output<(typeof SETTINGS)[K]> };

/** Values Harbor's clients send for what this version does not have; they mean "not used" and change nothing. */
const NEUTRAL: readonly unknown[] = [undefined, null, '', false, 0, '{}'];

function unavailable(neutral: unknown = '') {
  return z
    .unknown()
    .refine(
      ...rule<unknown>(
        (value) => NEUTRAL.includes(value) || value === neutral,
        'is not available in this version; leave it out',
      ),
    )
    .transform(() => undefined)
    .optional();
}

const UNAVAILABLE_TEXTS = [
  'uaa_client_id',
  'uaa_client_secret',
  'uaa_endpoint',
  'uaa_verify_cert',
  'audit_log_forward_endpoint',
  'skip_audit_log_database',
  'scanner_skip_update_pulltime',
  // Of older versions of Harbor: Terraform's provider writes some of them, unused, with every change.
  'email_identity',
  'email_host',
  'email_port',
  'email_username',
  'email_password',
  'email_from',
  'email_ssl',
  'email_insecure',
  'count_per_project',
  'ldap_group_gid',
  'verify_remote_cert',
] as const;

/** Keys whose untouched value is not empty (Harbor's defaults). */
const UNAVAILABLE_DEFAULTS = {
  notification_enable: true,
} as const;

/** The same provider writes a plan of scans, an empty one where none is meant. */
const noScanPlan = z
  .strictObject({
    type: z.enum(['', 'none']).optional(),
    parameter: z.strictObject({ daily_time: z.literal(0).optional() }).nullish(),
  })
  .nullish()
  .transform(() => undefined)
  .optional();

type Unavailable = ReturnType<typeof unavailable>;
type UnavailableKey = (typeof UNAVAILABLE_TEXTS)[number] | keyof typeof UNAVAILABLE_DEFAULTS;

const unavailableKeys = Object.fromEntries([
  ...UNAVAILABLE_TEXTS.map((key) => [key, unavailable()] as const),
  ...Object.entries(UNAVAILABLE_DEFAULTS).map(([key, value]) => [key, unavailable(value)] as const),
]) as { [K in UnavailableKey]: Unavailable };

const settableKeys = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, value]) => [key, (value as z.ZodType).nullish()]),
) as { [K in SettingKey]: z.ZodOptional<z.ZodNullable<(typeof SETTINGS)[K]>> };

/** A change of settings: absent and null keys stay as they are. */
export const configurationUpdate = z
  .strictObject({ ...settableKeys, ...sourceUpdateKeys, ...unavailableKeys, scan_all_policy: noScanPlan })
  .meta({ id: 'Configurations' });

const KIND = { string: text, enum: text, boolean: flag, number } as const;
type KindOf<T> = T extends z.ZodBoolean ? Item<z.ZodBoolean> : T extends z.ZodInt ? Item<z.ZodInt> : Item<z.ZodString>;

const settingAnswerKeys = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, value]) => [key, KIND[value.type]]),
) as unknown as { [K in SettingKey]: KindOf<(typeof SETTINGS)[K]> };

/** Every setting with whether it may be changed here; pinned ones come from the environment (CFG-3). */
export const configurations = z
  .object({ ...settingAnswerKeys, ...sourceAnswerKeys })
  .meta({ id: 'ConfigurationsResponse' });
export type Configurations = z.infer<typeof configurations>;
