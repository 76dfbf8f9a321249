import { AppError, type LdapSettings } from '@moorage/contracts';
import { normalizeDn } from '../group/index.ts';
import type { ExternalProof } from '../identity-source/index.ts';

/** Where a directory is. */
export interface LdapAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (ldaps). */
  readonly isTls: boolean;
}

/** An entry of a directory. Attribute types are in lower case; binary values are hexadecimal. */
export interface LdapEntry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** A person as the directory shows them. */
export interface LdapPerson {
  readonly dn: string;
  readonly username: string;
  readonly email: string;
  readonly realname: string;
  /** Stable for the entry: its UUID with the name of its attribute, else the normalised DN. */
  readonly subject: string;
  /** DNs of groups the entry itself names. */
  readonly memberOf: readonly string[];
  readonly isDisabled: boolean;
}

/** Attributes that hold an identifier no other entry ever gets, best first. */
export const IDENTIFIERS = ['entryUUID', 'objectGUID', 'nsUniqueId', 'ipaUniqueID'] as const;

const ATTRIBUTE_NAME = /^(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)$/;
const DEFAULT_PORT = 389;
const DEFAULT_TLS_PORT = 636;
/** Flag of userAccountControl in Active Directory. */
const ACCOUNT_DISABLED = 0x2;

/** Reads the address of a directory (LDAP-1): ldap:// is the default, port 636 means ldaps. Throws BAD_REQUEST. */
export function readLdapUrl(text: string): LdapAddress {
  const full = text.includes('://') ? text : `ldap://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (!url || (url.protocol !== 'ldap:' && url.protocol !== 'ldaps:') || url.hostname === '') {
    throw new AppError('BAD_REQUEST', 'url: write it as ldap://host:389 or ldaps://host:636.');
  }
  const isTls = url.protocol === 'ldaps:' || Number(url.port) === DEFAULT_TLS_PORT;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isTls ? DEFAULT_TLS_PORT : DEFAULT_PORT),
    isTls,
  };
}

/** Whether a text may be the name of an attribute; it becomes part of filters. */
export function isAttributeName(text: string): boolean {
  return text.length <= 128 && ATTRIBUTE_NAME.test(text);
}

/**
 * Whether name and password may be sent to a directory at all. An empty password is an unauthenticated bind, which many
 * servers answer with success (RFC 4513 section 5.1.2); some take what follows a NUL as nothing (S35).
 */
export function mayBeTried(name: string, password: string): boolean {
  // Directories overlook spaces around a value, so that " ada" would be ada.
  const isName =
    name !== '' && name.trim() === name && name.length <= 255 && !/\p{Cc}/u.test(name) && name.isWellFormed();
  return isName && password.trim() !== '' && !password.includes('\0');
}

/** Attributes of a user entry that are read. */
export function userAttributes(settings: LdapSettings): string[] {
  const membership = settings.group_membership_attribute;
  return [
    settings.uid,
    'mail',
    'email',
    'displayName',
    'cn',
    'userAccountControl',
    'nsAccountLock',
    ...IDENTIFIERS,
    ...(isAttributeName(membership) ? [membership] : []),
  ];
}

/** The person an entry is; null for an entry that can be nobody's: without DN, which would bind as nobody, or without name. */
export function personOf(entry: LdapEntry, settings: LdapSettings, typedName = ''): LdapPerson | null {
  const names = valuesOf(entry, settings.uid);
  const username = names.find((name) => name.toLowerCase() === typedName.toLowerCase()) ?? names[0];
  const key = normalizeDn(entry.dn);
  if (username === undefined || username === '' || key === null) return null;
  const identifier = IDENTIFIERS.find((name) => valuesOf(entry, name)[0]);
  const first = (...attributes: string[]) => attributes.map((name) => valuesOf(entry, name)[0]).find(Boolean) ?? '';
  return {
    dn: entry.dn,
    username,
    email: first('mail', 'email'),
    realname: first('displayName', 'cn'),
    subject: identifier ? `${identifier.toLowerCase()}:${valuesOf(entry, identifier)[0]}` : `dn:${key}`,
    memberOf: valuesOf(entry, settings.group_membership_attribute),
    isDisabled:
      (Number(first('userAccountControl')) & ACCOUNT_DISABLED) !== 0 || first('nsAccountLock').toLowerCase() === 'true',
  };
}

/** Values of an attribute, whatever the case of its name. */
export function valuesOf(entry: LdapEntry, attribute: string): readonly string[] {
  return entry.attributes.get(attribute.toLowerCase()) ?? [];
}

/** Reads a subject of {@link personOf}: the attribute and value to search for, or the DN to read. Null for another text. */
export function readSubject(
  subject: string,
): { readonly attribute: string; readonly value: string } | { readonly dn: string } | null {
  const colon = subject.indexOf(':');
  const [kind, value] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (kind === 'dn') return { dn: value };
  const attribute = IDENTIFIERS.find((name) => name.toLowerCase() === kind);
  return attribute ? { attribute, value } : null;
}

/** Whether a DN lies at or below another one; true for an empty base. Both normalised. */
export function isBelow(dnKey: string, baseKey: string): boolean {
  return baseKey === '' || dnKey === baseKey || dnKey.endsWith(`,${baseKey}`);
}

/** Whether a DN is in the scope of a search: 0 the base, 1 right below it, 2 at or below it. Both normalised. */
export function isInScope(dnKey: string, baseKey: string, scope: number): boolean {
  if (scope === 0) return dnKey === baseKey;
  if (!isBelow(dnKey, baseKey)) return false;
  if (scope === 2) return true;
  const above = dnKey.slice(0, dnKey.length - baseKey.length - 1).replaceAll(/\\./g, '');
  return above !== '' && !above.includes(',');
}

/** What the source proves about a person. `groups` null keeps the groups that are known. */
export function proofOf(
  sourceId: number,
  person: LdapPerson,
  groups: ExternalProof['groups'],
  isAdmin: boolean,
): ExternalProof {
  const { subject, username, email, realname } = person;
  return { issuer: issuerOf(sourceId), subject, username, email, realname, groups, isAdmin };
}

/** Names a directory for good: its address may change, its accounts stay. */
export function issuerOf(sourceId: number): string {
  return `ldap:${sourceId}`;
}

/** Why Active Directory refuses a password that is right; null for all else (the hexadecimal code of the bind's answer). */
export function refusalOfRightPassword(diagnostic: string): string | null {
  const code = /\bdata ([0-9a-f]{3,4})\b/.exec(diagnostic)?.[1];
  if (code === '532') return 'Your directory password has expired; change it there, then sign in again.';
  if (code === '773') return 'You must change your directory password first; do so, then sign in again.';
  return null;
}
