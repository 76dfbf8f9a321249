import type { IdentitySource } from '@moorage/contracts';

export type SourceKind = IdentitySource['kind'];
export const KINDS: readonly SourceKind[] = ['oidc', 'ldap', 'auth_proxy'];

/** How a setting is typed in. `pairs` is a map written as one `name=value` a line; `secret` is never shown again. */
export interface SourceField {
  readonly key: string;
  readonly type: 'text' | 'flag' | 'number' | 'depth' | 'nesting' | 'lines' | 'pairs' | 'secret';
  readonly required?: true;
  readonly placeholder?: string;
  /** What a new source begins with. */
  readonly start?: string | number | boolean;
}

export interface FieldGroup {
  readonly id: 'provider' | 'people' | 'groups' | 'security';
  readonly fields: readonly SourceField[];
}

const text = (key: string, placeholder = '', start = ''): SourceField => ({ key, type: 'text', placeholder, start });
const flag = (key: string, start = false): SourceField => ({ key, type: 'flag', start });
const must = (field: SourceField): SourceField => ({ ...field, required: true });

/** The settings of each kind in the order a person fills them in. */
export const SOURCE_FIELDS: Readonly<Record<SourceKind, readonly FieldGroup[]>> = {
  oidc: [
    {
      id: 'provider',
      fields: [
        must(text('endpoint', 'https://sso.example.com/realms/company')),
        must(text('client_id', 'moorage')),
        { key: 'client_secret', type: 'secret' },
        text('scope', '', 'openid,profile,email,offline_access'),
        { key: 'extra_redirect_parms', type: 'pairs', placeholder: 'prompt=login' },
      ],
    },
    { id: 'people', fields: [text('user_claim', 'preferred_username'), flag('auto_onboard'), flag('logout', true)] },
    { id: 'groups', fields: [text('groups_claim', 'groups'), text('group_filter', '^registry-'), text('admin_group')] },
    { id: 'security', fields: [flag('verify_cert', true), { key: 'ca_certificate', type: 'lines' }] },
  ],
  ldap: [
    {
      id: 'provider',
      fields: [
        must(text('url', 'ldaps://ldap.example.com')),
        text('search_dn', 'cn=reader,dc=example,dc=com'),
        { key: 'search_password', type: 'secret' },
        { key: 'timeout', type: 'number', start: 5 },
      ],
    },
    {
      id: 'people',
      fields: [
        must(text('base_dn', 'ou=people,dc=example,dc=com')),
        text('uid', 'uid', 'uid'),
        text('filter', '(objectClass=person)'),
        { key: 'scope', type: 'depth', start: 2 },
      ],
    },
    {
      id: 'groups',
      fields: [
        text('group_base_dn', 'ou=groups,dc=example,dc=com'),
        text('group_search_filter', '(objectClass=groupOfNames)'),
        text('group_attribute_name', 'cn', 'cn'),
        text('group_membership_attribute', 'memberof', 'memberof'),
        { key: 'group_search_scope', type: 'depth', start: 2 },
        { key: 'group_nesting', type: 'nesting', start: 'none' },
        text('group_admin_dn', 'cn=registry-admins,ou=groups,dc=example,dc=com'),
      ],
    },
    {
      id: 'security',
      fields: [flag('start_tls'), flag('verify_cert', true), { key: 'ca_certificate', type: 'lines' }],
    },
  ],
  auth_proxy: [
    {
      id: 'provider',
      fields: [
        must(text('endpoint', 'https://auth.example.com/login')),
        must(text('tokenreview_endpoint', 'https://auth.example.com/tokenreview')),
        flag('skip_search'),
      ],
    },
    { id: 'groups', fields: [text('admin_groups'), text('admin_usernames')] },
    { id: 'security', fields: [flag('verify_cert', true), { key: 'server_certificate', type: 'lines' }] },
  ],
};

/** Values as the form holds them, by field. */
export type SourceValues = Readonly<Record<string, string | number | boolean>>;

export function fieldsOf(kind: SourceKind): readonly SourceField[] {
  return SOURCE_FIELDS[kind].flatMap((group) => group.fields);
}

/** What the form begins with: the saved settings, or the start of a new source. Secrets begin empty. */
export function startValues(kind: SourceKind, saved: IdentitySource | null): SourceValues {
  const settings = (saved?.[kind] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fieldsOf(kind).map((field) => {
      const value = saved === null ? undefined : settings[field.key];
      if (field.type === 'pairs') return [field.key, writePairs(value)];
      const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return [field.key, known ? value : (field.start ?? '')];
    }),
  );
}

/** The settings of the wire. An empty secret is left out, so that the stored one stays. */
export function settingsOf(kind: SourceKind, values: SourceValues): Record<string, unknown> {
  const entries = fieldsOf(kind).flatMap((field): [string, unknown][] => {
    const value = values[field.key];
    if (field.type === 'secret' && value === '') return [];
    if (field.type === 'pairs') return [[field.key, readPairs(String(value))]];
    return [[field.key, typeof value === 'string' ? value.trim() : value]];
  });
  return Object.fromEntries(entries);
}

/** Names of the fields that must be filled in and are not. */
export function missingFields(kind: SourceKind, values: SourceValues): readonly string[] {
  return fieldsOf(kind)
    .filter((field) => field.required && String(values[field.key] ?? '').trim() === '')
    .map((field) => field.key);
}

function writePairs(value: unknown): string {
  return Object.entries((value ?? {}) as Readonly<Record<string, string>>)
    .map(([name, entry]) => `${name}=${entry}`)
    .join('\n');
}

function readPairs(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
