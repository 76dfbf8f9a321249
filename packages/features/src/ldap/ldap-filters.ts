import { AppError, type LdapSettings, SOURCE_CHECK_TEXTS, tell } from '@moorage/contracts';
import {
  AndFilter,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  FilterParser,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
} from 'ldapts';
import { isAttributeName } from './ldap.rules.ts';

/** Active Directory follows groups in groups by itself with this matching rule (LDAP_MATCHING_RULE_IN_CHAIN). */
const IN_CHAIN = '1.2.840.113556.1.4.1941';

/*
 * Filters are built as objects: what people type is a value of theirs and cannot become syntax (S34). Only the filter an
 * administrator writes is read as text.
 */

/** The user whose name is exactly this. */
export function userNamed(settings: LdapSettings, name: string): Filter {
  return both(settings.filter, new EqualityFilter({ attribute: nameAttribute(settings), value: name }));
}

/** Users whose name holds the text; all users for an empty one. */
export function usersLike(settings: LdapSettings, text: string): Filter {
  const attribute = nameAttribute(settings);
  return both(settings.filter, text === '' ? new PresenceFilter({ attribute }) : like(attribute, text));
}

/** The user with an identifier as {@link readSubject} reads it; `objectGUID` is hexadecimal. */
export function userIdentified(settings: LdapSettings, attribute: string, value: string): Filter {
  const bytes = attribute === 'objectGUID' ? Buffer.from(value, 'hex') : value;
  return both(settings.filter, new EqualityFilter({ attribute, value: bytes }));
}

/** Any entry that counts as a user. */
export function anyUser(settings: LdapSettings): Filter {
  return both(settings.filter, anyEntry());
}

/** Any entry that counts as a group. */
export function anyGroup(settings: LdapSettings): Filter {
  return both(settings.group_search_filter, anyEntry());
}

/** Groups whose name holds the text. */
export function groupsLike(settings: LdapSettings, text: string): Filter {
  return both(settings.group_search_filter, like(groupNameAttribute(settings), text));
}

/** Groups that name one of these entries as their member, or the user by plain name (posixGroup). */
export function groupsWithMembers(settings: LdapSettings | null, dns: readonly string[], uid: string | null): Filter {
  const isMember = new OrFilter({
    filters: [
      ...dns.flatMap((value) => [
        new EqualityFilter({ attribute: 'member', value }),
        new EqualityFilter({ attribute: 'uniqueMember', value }),
      ]),
      ...(uid === null ? [] : [new EqualityFilter({ attribute: 'memberUid', value: uid })]),
    ],
  });
  return settings === null ? isMember : both(settings.group_search_filter, isMember);
}

/** Groups an entry is in through however many other groups; Active Directory only. */
export function groupsInChain(settings: LdapSettings, dn: string): Filter {
  return both(settings.group_search_filter, isInChain(dn));
}

/** Whether an entry is in a group through however many other groups, for a search at that group. */
export function isInChain(dn: string): Filter {
  return new ExtensibleFilter({ matchType: 'member', rule: IN_CHAIN, value: dn });
}

/** Any entry at all. */
export function anyEntry(): Filter {
  return new PresenceFilter({ attribute: 'objectClass' });
}

/** The attribute a group's name stands in. */
export function groupNameAttribute(settings: LdapSettings): string {
  return isAttributeName(settings.group_attribute_name) ? settings.group_attribute_name : 'cn';
}

/** Reads the filter an administrator wrote; null for none. Throws BAD_REQUEST. */
export function readFilter(text: string): Filter | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  try {
    return FilterParser.parseString(trimmed);
  } catch {
    const told = tell(SOURCE_CHECK_TEXTS, 'filter-unreadable', { filter: JSON.stringify(trimmed.slice(0, 100)) });
    throw new AppError('BAD_REQUEST', told.text, { told });
  }
}

function both(configured: string, own: Filter): Filter {
  const filter = readFilter(configured);
  return filter === null ? own : new AndFilter({ filters: [filter, own] });
}

function like(attribute: string, text: string): Filter {
  return new SubstringFilter({ attribute, any: [text] });
}

function nameAttribute({ uid }: LdapSettings): string {
  if (isAttributeName(uid)) return uid;
  const told = tell(SOURCE_CHECK_TEXTS, 'attribute-unreadable');
  throw new AppError('BAD_REQUEST', told.text, { told });
}
