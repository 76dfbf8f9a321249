import { z } from 'zod';
import { queryId, time } from '../wire/fields.ts';
import { toldFields } from '../wire/told.ts';
import {
  AUTH_PROXY_FIELDS,
  authProxySettings,
  changesOf,
  LDAP_FIELDS,
  ldapSettings,
  OIDC_FIELDS,
  oidcSettings,
  SOURCE_KINDS,
  SOURCE_SECRETS,
} from './source-settings.schema.ts';

const MAX_SOURCE_NAME = 64;

export const sourceKind = z.enum(SOURCE_KINDS);

const sourceName = z
  .string()
  .trim()
  .min(1)
  .max(MAX_SOURCE_NAME)
  .refine((value) => !/\p{Cc}/u.test(value), 'must not have control characters');

const settingsByKind = {
  oidc: z.strictObject(changesOf({ ...OIDC_FIELDS, ...SOURCE_SECRETS.oidc })).optional(),
  ldap: z.strictObject(changesOf({ ...LDAP_FIELDS, ...SOURCE_SECRETS.ldap })).optional(),
  auth_proxy: z.strictObject(changesOf(AUTH_PROXY_FIELDS)).optional(),
};

const facts = {
  enabled: z.boolean().optional(),
  /** Place on the sign-in page, lowest first. */
  position: z.int().min(0).max(1000).optional(),
};

/** A new source. The settings stand under the key of its kind. */
export const identitySourceCreation = z
  .strictObject({ kind: sourceKind, name: sourceName, ...facts, ...settingsByKind })
  .meta({ id: 'IdentitySourceCreation' });

/** A change of a source: absent fields stay. A secret must be given again when the address it is sent to changes. */
export const identitySourceUpdate = z
  .strictObject({ name: sourceName.optional(), ...facts, ...settingsByKind })
  .meta({ id: 'IdentitySourceUpdate' });

/** A source on the wire. Secrets are never shown; only whether they are set. */
export const identitySource = z
  .object({
    id: z.int(),
    kind: sourceKind,
    name: z.string(),
    enabled: z.boolean(),
    position: z.int(),
    /** The source the keys of `/configurations` read and write. */
    is_first: z.boolean(),
    oidc: oidcSettings.extend({ client_secret_set: z.boolean() }).optional(),
    ldap: ldapSettings.extend({ search_password_set: z.boolean() }).optional(),
    auth_proxy: authProxySettings.optional(),
    creation_time: time,
    update_time: time,
  })
  .meta({ id: 'IdentitySource' });
export type IdentitySource = z.input<typeof identitySource>;

/** Settings to try before they are saved. With `source_id` the stored secret is used, as long as the address is the same. */
export const identitySourceDraft = z
  .strictObject({ kind: sourceKind, source_id: queryId.optional(), ...settingsByKind })
  .meta({ id: 'IdentitySourceDraft' });

/** One thing that was tried, and what to do when it failed. */
export const sourceCheck = z
  .object({
    name: z.string(),
    result: z.enum(['passed', 'warning', 'failed', 'skipped']),
    message: z.string(),
    ...toldFields,
  })
  .meta({ id: 'IdentitySourceCheck' });
export type SourceCheck = z.infer<typeof sourceCheck>;

export const sourceTest = z
  .object({ ok: z.boolean(), checks: z.array(sourceCheck) })
  .meta({ id: 'IdentitySourceTest' });

/** How one may sign in, for the sign-in page. */
export const signInOptions = z
  .object({
    /** Harbor's mode; the first kind that is asked. */
    auth_mode: z.string(),
    /** Send people to the first source at once. */
    primary_auth_mode: z.boolean(),
    self_registration: z.boolean(),
    sources: z.array(
      z.object({
        id: z.int(),
        kind: sourceKind,
        name: z.string(),
        /** Its groups are named without a source. */
        is_first: z.boolean(),
        /** Where the browser goes to sign in; absent for sources that take name and password. */
        login_url: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'SignInOptions' });
