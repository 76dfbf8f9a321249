import { z } from 'zod';
import { GROUP_TYPES, MAX_DN_LENGTH } from '../group/group.schema.ts';
import { MAX_NAME_LENGTH } from '../wire/names.ts';

const MAX_IMPORT = 500;

const text = z.string().max(1024).nullish();

/** Settings of a directory to try, with Harbor's names; absent ones are as saved. */
export const ldapConfiguration = z
  .strictObject({
    ldap_url: text,
    ldap_search_dn: text,
    ldap_search_password: text,
    ldap_base_dn: text,
    ldap_filter: text,
    ldap_uid: text,
    ldap_scope: z.int().min(0).max(2).nullish(),
    /** Seconds. */
    ldap_connection_timeout: z.int().min(1).max(60).nullish(),
    ldap_verify_cert: z.boolean().nullish(),
  })
  .meta({ id: 'LdapConf' });

export const ldapPingResult = z.object({ success: z.boolean(), message: z.string() }).meta({ id: 'LdapPingResult' });

export const ldapUser = z
  .object({ username: z.string(), realname: z.string(), email: z.string() })
  .meta({ id: 'LdapUser' });

export const ldapImport = z
  .strictObject({ ldap_uid_list: z.array(z.string().min(1).max(MAX_NAME_LENGTH)).min(1).max(MAX_IMPORT) })
  .meta({ id: 'LdapImportUsers' });

/** Who was not imported, and why. */
export const ldapFailedImport = z.object({ uid: z.string(), error: z.string() }).meta({ id: 'LdapFailedImportUser' });

/** A group of the directory, as `/usergroups` takes it. */
export const ldapGroup = z
  .object({
    group_name: z.string(),
    group_type: z.literal(GROUP_TYPES.ldap),
    ldap_group_dn: z.string().max(MAX_DN_LENGTH),
  })
  .meta({ id: 'LdapGroup' });
