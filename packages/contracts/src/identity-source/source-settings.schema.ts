import { z } from 'zod';

const MAX_TEXT = 1024;
const MAX_CERTIFICATE = 65_536;
const MAX_EXTRA_PARAMETERS = 20;

const text = z.string().max(MAX_TEXT);
const flag = (value: boolean) => z.boolean().default(value);
const words = (value: string) => text.default(value);

function rule(check: (value: string) => string | null) {
  return text.superRefine((value, context) => {
    const problem = value === '' ? null : check(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem, params: { errorCode: 'BAD_REQUEST' } });
  });
}

/** Whether a host names this machine itself. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

/** Why an address of a provider is refused; null when it is accepted. Plain http is for this machine only. */
function checkProviderUrl(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'must be an https:// address';
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'must begin with https://: over plain http anybody on the way could sign in as anyone';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.search !== '' || url.hash !== '') return 'must have no query and no fragment';
  return value.endsWith('/.well-known/openid-configuration')
    ? 'must be the issuer: leave out /.well-known/openid-configuration'
    : null;
}

function checkLdapUrl(value: string): string | null {
  const withScheme = value.includes('://') ? value : `ldap://${value}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  if (!url || (url.protocol !== 'ldap:' && url.protocol !== 'ldaps:') || url.hostname === '')
    return 'must be an ldap:// or ldaps:// address';
  return url.username === '' && url.password === '' ? null : 'must not hold a user name or password';
}

function checkCertificates(value: string): string | null {
  return value.includes('-----BEGIN CERTIFICATE-----') ? null : 'must be certificates in PEM form';
}

/** The address of a provider, or nothing. */
export const optionalProviderUrl = rule(checkProviderUrl);
const providerUrl = optionalProviderUrl.default('');
const certificates = z
  .string()
  .max(MAX_CERTIFICATE)
  .superRefine((value, context) => {
    const problem = value.trim() === '' ? null : checkCertificates(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem, params: { errorCode: 'BAD_REQUEST' } });
  })
  .default('');

/** Harbor writes this map as JSON text, and so do its clients; both forms are taken. */
const parameters = z
  .preprocess(
    (value) => {
      if (typeof value !== 'string') return value;
      try {
        return value.trim() === '' ? {} : (JSON.parse(value) as unknown);
      } catch {
        return value;
      }
    },
    z.record(z.string().min(1).max(128), z.string().max(MAX_TEXT), 'must be a JSON object of texts'),
  )
  .refine((value) => Object.keys(value).length <= MAX_EXTRA_PARAMETERS, {
    error: `must have at most ${MAX_EXTRA_PARAMETERS} parameters`,
  })
  .default({});

/** Settings of an OpenID Connect provider (OIDC-1). Field names are Harbor's without `oidc_`. */
export const OIDC_FIELDS = {
  /** The issuer, exactly as the provider writes it. */
  endpoint: providerUrl,
  client_id: words(''),
  groups_claim: words(''),
  /** Exact name of the group whose members are system administrators. */
  admin_group: words(''),
  /** RE2 expression; groups it does not match are left out. */
  group_filter: words(''),
  /** Comma list. `openid` is always asked for. */
  scope: words('openid,profile,email,offline_access'),
  /** Claim the user name comes from; empty: preferred_username, then name. */
  user_claim: words(''),
  verify_cert: flag(true),
  auto_onboard: flag(false),
  extra_redirect_parms: parameters,
  /** Sign out at the provider too. */
  logout: flag(false),
  /** Certificates, in PEM form, the provider's own may be signed with besides the well-known ones. */
  ca_certificate: certificates,
} as const;

const GROUP_NESTINGS = ['none', 'walk', 'active_directory'] as const;

/** Settings of a directory (LDAP-1, LDAP-2). Field names are Harbor's without `ldap_`. */
export const LDAP_FIELDS = {
  url: rule(checkLdapUrl).default(''),
  search_dn: words(''),
  base_dn: words(''),
  filter: words(''),
  uid: words('cn'),
  /** 0 base, 1 one level, 2 subtree. */
  scope: z.int().min(0).max(2).default(2),
  /** Seconds. */
  timeout: z.int().min(1).max(60).default(5),
  verify_cert: flag(true),
  group_base_dn: words(''),
  group_search_filter: words(''),
  group_attribute_name: words(''),
  group_search_scope: z.int().min(0).max(2).default(2),
  group_admin_dn: words(''),
  /** Names the groups of an entry; empty: groups are searched for that name the entry as member. */
  group_membership_attribute: words('memberof'),
  /** Taken for compatibility: groups are always read side by side, and remembered. */
  group_attach_parallel: flag(false),
  /** How groups in groups count: not at all, by reading one after the other, or by Active Directory's own rule. */
  group_nesting: z.enum(GROUP_NESTINGS).default('none'),
  /** Encrypt an ldap:// connection before anything is sent. */
  start_tls: flag(false),
  /** Certificates, in PEM form, the server's own may be signed with besides the well-known ones. */
  ca_certificate: certificates,
} as const;

/** Settings of an HTTP authentication proxy (PROXY-1). Field names are Harbor's without `http_authproxy_`. */
export const AUTH_PROXY_FIELDS = {
  endpoint: providerUrl,
  tokenreview_endpoint: providerUrl,
  /** Comma lists. */
  admin_groups: words(''),
  admin_usernames: words(''),
  verify_cert: flag(true),
  skip_search: flag(false),
  /** Certificate in PEM form. */
  server_certificate: certificates,
} as const;

const secret = text.min(1);

/** Secrets of a source: written, never shown. */
export const SOURCE_SECRETS = {
  oidc: { client_secret: secret },
  ldap: { search_password: secret },
  auth_proxy: {},
} as const;

export const oidcSettings = z.object(OIDC_FIELDS);
export type OidcSettings = z.output<typeof oidcSettings>;
export const ldapSettings = z.object(LDAP_FIELDS);
export type LdapSettings = z.output<typeof ldapSettings>;
export const authProxySettings = z.object(AUTH_PROXY_FIELDS);
export type AuthProxySettings = z.output<typeof authProxySettings>;

/** The settings of each kind of source. */
export interface SettingsOfKind {
  readonly oidc: OidcSettings;
  readonly ldap: LdapSettings;
  readonly auth_proxy: AuthProxySettings;
}
export type SourceKind = keyof SettingsOfKind;
export const SOURCE_KINDS = ['oidc', 'ldap', 'auth_proxy'] as const satisfies readonly SourceKind[];

/** Fields and defaults of each kind; parsing an empty object gives the defaults. */
export const SOURCE_SETTINGS = { oidc: oidcSettings, ldap: ldapSettings, auth_proxy: authProxySettings } as const;

/** What must be filled in before anyone can sign in through a source of that kind. */
export const REQUIRED_FIELDS = {
  oidc: ['endpoint', 'client_id'],
  ldap: ['url', 'base_dn'],
  auth_proxy: ['endpoint', 'tokenreview_endpoint'],
} as const satisfies Readonly<Record<SourceKind, readonly string[]>>;

type Unset<T> = T extends z.ZodDefault<infer Inner> ? Inner : T;
type Optional<T extends Readonly<Record<string, z.ZodType>>> = {
  [K in keyof T]: z.ZodOptional<z.ZodNullable<Extract<Unset<T[K]>, z.ZodType>>>;
};

/** The same fields, none of which must be given and none of which has a default: for changes. */
export function changesOf<T extends Readonly<Record<string, z.ZodType>>>(fields: T): Optional<T> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      (field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field).nullish(),
    ]),
  ) as Optional<T>;
}
