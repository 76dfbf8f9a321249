import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { queryId, queryText } from '../wire/fields.ts';
import { ldapConfiguration, ldapGroup, ldapImport, ldapPingResult, ldapUser } from './ldap.schema.ts';

/** A directory other than the first one. */
const sourceId = { source_id: queryId.optional() };

export const pingLdap = endpoint({
  id: 'pingLdap',
  method: 'POST',
  path: '/ldap/ping',
  tag: 'ldap',
  summary: 'Try to reach the directory, with settings that need not be saved',
  access: { kind: 'system', permission: 'configuration:update' },
  body: ldapConfiguration.nullish(),
  response: ldapPingResult,
  status: 200,
  errors: ['PRECONDITION'],
});

export const searchLdapUser = endpoint({
  id: 'searchLdapUser',
  method: 'GET',
  path: '/ldap/users/search',
  tag: 'ldap',
  summary: 'Find users of the directory by a part of their name',
  access: { kind: 'system', permission: 'ldap-user:list' },
  query: z.strictObject({ username: queryText.optional(), ...sourceId }),
  response: z.array(ldapUser),
  status: 200,
  errors: ['PRECONDITION', 'UNAVAILABLE'],
});

/** Who cannot be imported is listed with the reason and status 404; the others are imported all the same (LDAP-6). */
export const importLdapUser = endpoint({
  id: 'importLdapUser',
  method: 'POST',
  path: '/ldap/users/import',
  tag: 'ldap',
  summary: 'Make accounts for users of the directory before they sign in',
  access: { kind: 'system', permission: 'ldap-user:create' },
  query: z.strictObject(sourceId),
  body: ldapImport,
  status: 200,
  raw: true,
  errors: ['NOT_FOUND', 'PRECONDITION', 'UNAVAILABLE'],
});

export const searchLdapGroup = endpoint({
  id: 'searchLdapGroup',
  method: 'GET',
  path: '/ldap/groups/search',
  tag: 'ldap',
  summary: 'Find groups of the directory by a part of their name, or by DN',
  access: { kind: 'system', permission: 'ldap-user:list' },
  query: z.strictObject({ groupname: queryText.optional(), groupdn: queryText.optional(), ...sourceId }),
  response: z.array(ldapGroup),
  status: 200,
  errors: ['PRECONDITION', 'UNAVAILABLE'],
});
