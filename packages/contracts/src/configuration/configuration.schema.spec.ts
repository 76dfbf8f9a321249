import { describe, expect, it } from 'vitest';
import { errorCodeOfIssues } from '../wire/names.ts';
import { configurations, configurationUpdate, SETTING_KEYS } from './configuration.schema.ts';

function refusal(body: unknown): string | null {
  const result = configurationUpdate.safeParse(body);
  return result.success ? null : errorCodeOfIssues(result.error.issues);
}

it('takes the settings there are and leaves out what is null', () => {
  expect(configurationUpdate.parse({ read_only: true, token_expiration: 30, session_timeout: null })).toEqual({
    read_only: true,
    token_expiration: 30,
    session_timeout: null,
  });
});

it('drops keys of Harbor that are sent unused, and refuses them in use', () => {
  const unused = { ldap_url: '', ldap_scope: 2, oidc_verify_cert: true, oidc_logout: false, notification_enable: true };
  expect(configurationUpdate.parse(unused)).toEqual({});
  expect(refusal({ ldap_url: 'ldap://example.com' })).toBe('BAD_REQUEST');
  expect(refusal({ skip_audit_log_database: true })).toBe('BAD_REQUEST');
  expect(refusal({ notification_enable: [] })).toBe('BAD_REQUEST');
});

const RULES: readonly [string, readonly unknown[], readonly unknown[]][] = [
  ['token_expiration', [1, 525_600], [0, -1, 1.5, '30', 525_601]],
  ['session_timeout', [60], [0]],
  ['robot_token_duration', [-1, 1, 2 ** 31 - 2], [0, -2, 2 ** 31 - 1]],
  ['robot_max_duration', [-1, 365], [0]],
  ['storage_per_project', [-1, 1, 2 ** 40], [0, -2]],
  ['robot_name_prefix', ['robot$', 'bot-'], ['', 'a b', 'a:b', 'a/b', 'a+b', 'ä', 'x'.repeat(65)]],
  ['auth_mode', ['db_auth'], ['oidc_auth', '']],
  ['project_creation_restriction', ['everyone', 'adminonly'], ['nobody']],
];

describe.each(RULES)('%s', (key, good, bad) => {
  it.each(good)('accepts %j', (value) => {
    expect(refusal({ [key]: value })).toBeNull();
  });
  it.each(bad)('refuses %j', (value) => {
    expect(refusal({ [key]: value })).not.toBeNull();
  });
});

it('refuses keys nobody knows', () => {
  expect(refusal({ admin_password: 'x' })).toBe('UNPROCESSABLE_ENTITY');
});

it('answers every setting with its kind of value', () => {
  expect(Object.keys(configurations.shape)).toEqual(SETTING_KEYS);
  const { shape } = configurations;
  expect(shape.read_only.safeParse({ value: 'true', editable: true }).success).toBe(false);
  expect(shape.token_expiration.parse({ value: 30, editable: false })).toEqual({ value: 30, editable: false });
  expect(shape.banner_message.parse({ value: '', editable: true, source: 'x' })).toEqual({ value: '', editable: true });
});
