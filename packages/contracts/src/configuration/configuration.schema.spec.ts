import { describe, expect, it } from 'vitest';
import { errorCodeOfIssues } from '../wire/names.ts';
import { configurations, configurationUpdate, SETTING_KEYS } from './configuration.schema.ts';
import { SOURCE_KEYS } from './source-keys.schema.ts';

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
  const unused = { uaa_endpoint: '', uaa_verify_cert: false, notification_enable: true };
  expect(configurationUpdate.parse(unused)).toEqual({});
  const written = { email_ssl: false, email_insecure: false, scan_all_policy: { parameter: {} } };
  expect(configurationUpdate.parse(written)).toEqual({});
  expect(refusal({ email_host: 'mail.example.com' })).toBe('BAD_REQUEST');
  expect(refusal({ scan_all_policy: { type: 'daily', parameter: { daily_time: 3 } } })).not.toBeNull();
  expect(refusal({ uaa_endpoint: 'https://uaa.example.com' })).toBe('BAD_REQUEST');
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
  ['auth_mode', ['db_auth', 'ldap_auth', 'http_auth', 'oidc_auth'], ['uaa_auth', 'saml_auth', '']],
  [
    'oidc_endpoint',
    ['', 'https://sso.example.com/realms/x', 'http://127.0.0.1:5556/dex', 'http://localhost'],
    [
      'sso.example.com',
      'http://sso.example.com',
      'https://me:secret@sso.example.com',
      'https://sso.example.com/?a=1',
      'https://sso.example.com/.well-known/openid-configuration',
    ],
  ],
  ['oidc_extra_redirect_parms', ['', '{}', '{"prompt":"login"}', { prompt: 'login' }], ['[1]', '{', '{"a":1}', 7]],
  ['ldap_url', ['ldap.example.com', 'ldaps://ldap.example.com:636'], ['https://ldap.example.com', 'ldap://']],
  ['ldap_scope', [0, 1, 2], [3, '2']],
  ['http_authproxy_server_certificate', ['', '-----BEGIN CERTIFICATE-----\nMII'], ['MII']],
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
  const keys = Object.keys(configurations.shape);
  expect(keys.slice(0, SETTING_KEYS.length)).toEqual(SETTING_KEYS);
  const secrets = [...SOURCE_KEYS.keys()].filter((key) => /secret|password/.test(key));
  expect(secrets).toEqual(['oidc_client_secret', 'ldap_search_password']);
  expect(keys.slice(SETTING_KEYS.length).sort()).toEqual(
    ['oidc_name', ...[...SOURCE_KEYS.keys()].filter((key) => !secrets.includes(key))].sort(),
  );
  const { shape } = configurations;
  expect(shape.read_only.safeParse({ value: 'true', editable: true }).success).toBe(false);
  expect(shape.token_expiration.parse({ value: 30, editable: false })).toEqual({ value: 30, editable: false });
  expect(shape.banner_message.parse({ value: '', editable: true, source: 'x' })).toEqual({ value: '', editable: true });
});
