import { z } from 'zod';
import {
  AUTH_PROXY_FIELDS,
  changesOf,
  LDAP_FIELDS,
  OIDC_FIELDS,
  SOURCE_SECRETS,
  type SourceKind,
} from '../identity-source/source-settings.schema.ts';

/** A value of `/configurations` and whether it may be changed there. */
export type Item<T extends z.ZodType> = z.ZodObject<{ value: T; editable: z.ZodBoolean }>;

function item<T extends z.ZodType>(value: T): Item<T> {
  return z.object({ value, editable: z.boolean() });
}

export const text = item(z.string());
export const flag = item(z.boolean());
export const number = item(z.int());

/** First part of the keys of each kind of source (OIDC-1, LDAP-1, PROXY-1). */
export const SOURCE_PREFIXES = { oidc: 'oidc', ldap: 'ldap', auth_proxy: 'http_authproxy' } as const satisfies Readonly<
  Record<SourceKind, string>
>;

type Prefixed<Prefix extends string, T> = { [K in keyof T & string as `${Prefix}_${K}`]: T[K] };

function prefixed<Prefix extends string, T extends object>(prefix: Prefix, fields: T): Prefixed<Prefix, T> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [`${prefix}_${key}`, value])) as Prefixed<
    Prefix,
    T
  >;
}

/** Clients send an empty text for a secret they do not change. */
const secretChange = z.string().max(1024).nullish();

/** Keys of the first source of each kind, for a change; absent and null keys stay, and so do empty secrets. */
export const sourceUpdateKeys = {
  oidc_name: z.string().trim().max(64).nullish(),
  ...prefixed('oidc', changesOf(OIDC_FIELDS)),
  oidc_client_secret: secretChange,
  ...prefixed('ldap', changesOf(LDAP_FIELDS)),
  ldap_search_password: secretChange,
  ...prefixed('http_authproxy', changesOf(AUTH_PROXY_FIELDS)),
};

type AnswerOfField<T> =
  T extends z.ZodDefault<z.ZodBoolean> ? typeof flag : T extends z.ZodDefault<z.ZodInt> ? typeof number : typeof text;
type Answers<T> = { [K in keyof T]: AnswerOfField<T[K]> };

/** Maps travel as JSON text here, as Harbor's clients expect. */
function answers<T extends Readonly<Record<string, z.ZodDefault>>>(fields: T): Answers<T> {
  const kinds: Readonly<Record<string, Item<z.ZodType>>> = { boolean: flag, number };
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, kinds[(field.unwrap() as z.ZodType).type] ?? text]),
  ) as Answers<T>;
}

/** The same keys as they are shown; without secrets. */
export const sourceAnswerKeys = {
  oidc_name: text,
  ...prefixed('oidc', answers(OIDC_FIELDS)),
  ...prefixed('ldap', answers(LDAP_FIELDS)),
  ...prefixed('http_authproxy', answers(AUTH_PROXY_FIELDS)),
};

/** Which field of which kind of source a key of `/configurations` stands for. */
export const SOURCE_KEYS: ReadonlyMap<string, { readonly kind: SourceKind; readonly field: string }> = new Map([
  ...sourceKeysOf('oidc', { ...OIDC_FIELDS, ...SOURCE_SECRETS.oidc }),
  ...sourceKeysOf('ldap', { ...LDAP_FIELDS, ...SOURCE_SECRETS.ldap }),
  ...sourceKeysOf('auth_proxy', AUTH_PROXY_FIELDS),
]);

function sourceKeysOf(kind: SourceKind, fields: object): [string, { kind: SourceKind; field: string }][] {
  return Object.keys(fields).map((field) => [`${SOURCE_PREFIXES[kind]}_${field}`, { kind, field }]);
}
