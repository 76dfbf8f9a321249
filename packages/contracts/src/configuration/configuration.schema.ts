import { z } from 'zod';
import { parseDestinationList } from '../egress/destination-list.ts';
import { MAX_ROBOT_DURATION_DAYS } from '../robot/robot.schema.ts';

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

/** The settings an administrator may change at run time, and the rule of each value (CFG-1). */
export const SETTINGS = {
  auth_mode: z.enum(['db_auth']),
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
  pull_time_update_disable: z.boolean(),
  pull_count_update_disable: z.boolean(),
  pull_audit_log_disable: z.boolean(),
  /** Minutes an idle session lives. */
  session_timeout: minutes,
  /** JSON with message, type, closable, fromDate and toDate; empty for none. */
  banner_message: z.string().max(8192),
  /** Comma list of event names that leave no audit row. */
  disabled_audit_log_event_types: z.string().max(2048),
  /** Longest life of a robot, in days; -1 for no limit. Robots that never expire are refused under a limit. */
  robot_max_duration: days,
  /** Longest life of a personal access token, in days; -1 for no limit. Tokens that never expire are refused under a limit. */
  personal_token_max_duration: days,
  /** Whether callers who are not signed in may see and pull from public projects. */
  anonymous_access: z.boolean(),
  /** Destinations outgoing connections may reach although their address is private or of this machine. */
  egress_allow: destinations,
  /** Destinations outgoing connections never reach. */
  egress_deny: destinations,
  /** Whether outgoing connections reach only what `egress_allow` names. */
  egress_listed_only: z.boolean(),
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
  'ldap_base_dn',
  'ldap_filter',
  'ldap_group_base_dn',
  'ldap_group_admin_dn',
  'ldap_group_attribute_name',
  'ldap_group_search_filter',
  'ldap_group_attach_parallel',
  'ldap_search_dn',
  'ldap_search_password',
  'ldap_url',
  'uaa_client_id',
  'uaa_client_secret',
  'uaa_endpoint',
  'uaa_verify_cert',
  'http_authproxy_endpoint',
  'http_authproxy_tokenreview_endpoint',
  'http_authproxy_admin_groups',
  'http_authproxy_admin_usernames',
  'http_authproxy_skip_search',
  'http_authproxy_server_certificate',
  'oidc_name',
  'oidc_endpoint',
  'oidc_client_id',
  'oidc_client_secret',
  'oidc_groups_claim',
  'oidc_admin_group',
  'oidc_group_filter',
  'oidc_scope',
  'oidc_user_claim',
  'oidc_auto_onboard',
  'oidc_extra_redirect_parms',
  'oidc_logout',
  'primary_auth_mode',
  'audit_log_forward_endpoint',
  'skip_audit_log_database',
  'scanner_skip_update_pulltime',
] as const;

/** Keys whose untouched value is not empty (Harbor's defaults). */
const UNAVAILABLE_DEFAULTS = {
  ldap_group_search_scope: 2,
  ldap_group_membership_attribute: 'memberof',
  ldap_scope: 2,
  ldap_timeout: 5,
  ldap_uid: 'cn',
  ldap_verify_cert: true,
  http_authproxy_verify_cert: true,
  oidc_verify_cert: true,
  notification_enable: true,
} as const;

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
  .strictObject({ ...settableKeys, ...unavailableKeys })
  .meta({ id: 'Configurations' });

function item<T extends z.ZodType>(value: T) {
  return z.object({ value, editable: z.boolean() });
}

type Item<T extends z.ZodType> = ReturnType<typeof item<T>>;
const text = item(z.string());
const flag = item(z.boolean());
const number = item(z.int());

const KIND = { string: text, enum: text, boolean: flag, number } as const;
type KindOf<T> = T extends z.ZodBoolean ? Item<z.ZodBoolean> : T extends z.ZodInt ? Item<z.ZodInt> : Item<z.ZodString>;

const answerKeys = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, value]) => [key, KIND[value.type]]),
) as unknown as { [K in SettingKey]: KindOf<(typeof SETTINGS)[K]> };

/** Every setting with whether it may be changed here; pinned ones come from the environment (CFG-3). */
export const configurations = z.object(answerKeys).meta({ id: 'ConfigurationsResponse' });
export type Configurations = z.infer<typeof configurations>;
