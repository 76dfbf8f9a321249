import {
  type BodyOf,
  SETTING_KEYS,
  type SettingKey,
  SETTINGS,
  type Settings,
  type updateConfigurations,
} from '@moorage/contracts';

/** What a change is refused with in read-only mode, by the API and the registry alike. */
export const READ_ONLY_REFUSAL =
  'The registry is in read-only mode: pulls work, changes wait until an administrator ends it in the settings.';

/** How a run ends that would remove content in read-only mode. */
export const READ_ONLY_RUN =
  'Nothing was removed: the registry is in read-only mode. Run it again once an administrator has ended that in the settings.';

/** What holds until an administrator changes it (CFG-1). */
const SETTING_DEFAULTS: Settings = {
  auth_mode: 'db_auth',
  primary_auth_mode: false,
  project_creation_restriction: 'everyone',
  read_only: false,
  self_registration: false,
  token_expiration: 30,
  robot_token_duration: 30,
  robot_name_prefix: 'robot$',
  quota_per_project_enable: true,
  storage_per_project: -1,
  quota_warning_percent: 85,
  pull_time_update_disable: false,
  pull_count_update_disable: false,
  pull_audit_log_disable: false,
  session_timeout: 60,
  session_absolute_timeout: 720,
  token_requests_per_minute: 6000,
  banner_message: '',
  disabled_audit_log_event_types: '',
  robot_max_duration: -1,
  robot_expiry_reminder_days: 14,
  personal_token_max_duration: -1,
  second_factor_required: 'nobody',
  trash_days: 7,
  retention_confirm_share: 50,
  anonymous_access: true,
  egress_allow: '',
  egress_deny: '',
  egress_listed_only: false,
  gc_grace_seconds: 7200,
  gc_blobs_per_second: 0,
  scrub_bytes_per_second: 20_971_520,
  scan_objects_per_second: 2_000,
};

/** Settings from stored rows. Unknown keys and values that break today's rules give way to the default. */
export function settingsOf(rows: readonly { readonly key: string; readonly value: unknown }[]): Settings {
  const stored = new Map(rows.map((row) => [row.key, row.value]));
  const entries = SETTING_KEYS.map((key) => {
    const result = SETTINGS[key].safeParse(stored.get(key));
    return [key, result.success ? result.data : SETTING_DEFAULTS[key]];
  });
  return Object.fromEntries(entries) as Settings;
}

/** The keys of an update that differ from the present settings, with their new values. */
export function changedSettings(current: Settings, update: BodyOf<typeof updateConfigurations>): Partial<Settings> {
  const given = update as Partial<Record<SettingKey, unknown>>;
  return Object.fromEntries(
    SETTING_KEYS.filter((key) => given[key] !== undefined && given[key] !== null && given[key] !== current[key]).map(
      (key) => [key, given[key]],
    ),
  );
}
