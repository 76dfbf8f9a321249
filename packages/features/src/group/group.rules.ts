import {
  AppError,
  type BodyOf,
  type createUserGroup,
  GROUP_TYPES,
  MAX_DN_LENGTH,
  MAX_NAME_LENGTH,
} from '@moorage/contracts';
import { leadingValue, normalizeDn } from './dn.rules.ts';

/** A group before it is stored. */
export interface NewGroup {
  readonly name: string;
  readonly type: number;
  /** Empty unless the type is LDAP. */
  readonly dn: string;
  /** What makes two groups the same: the normalised DN of an LDAP group, else the name. */
  readonly key: string;
  /** Null for the first source of its kind, and for managed groups. */
  readonly sourceId: number | null;
}

export interface GroupRow extends NewGroup {
  readonly id: number;
  readonly memberCount: number;
}

/** The identity source that says which groups a user is in. */
export interface GroupSource {
  readonly id: number;
  readonly kind: 'ldap' | 'auth_proxy' | 'oidc';
  /** The first source of its kind also speaks for groups that name no source. */
  readonly isFirst: boolean;
}

/** A group as a source names it; `dn` with LDAP only. */
export interface ExternalGroup {
  readonly name: string;
  readonly dn?: string;
}

/** Groups of one user a source may name; those beyond are left out. */
export const MAX_GROUPS_OF_USER = 2_000;

const SOURCE_TYPES = { ldap: GROUP_TYPES.ldap, auth_proxy: GROUP_TYPES.authProxy, oidc: GROUP_TYPES.oidc } as const;

/** The group type of a kind of source. */
export function typeOfSource(kind: GroupSource['kind']): number {
  return SOURCE_TYPES[kind];
}

/** The kind of sources that name groups of a type; null for managed groups. */
export function sourceKindOf(type: number): GroupSource['kind'] | null {
  const kinds = Object.keys(SOURCE_TYPES) as GroupSource['kind'][];
  return kinds.find((kind) => SOURCE_TYPES[kind] === type) ?? null;
}

/** Reads a group to create or find. Throws BAD_REQUEST saying what is missing. */
export function groupOf(body: BodyOf<typeof createUserGroup>): NewGroup {
  const { group_type: type, ldap_group_dn: dn = '', group_name: given = '', source_id: sourceId = null } = body;
  if (type === GROUP_TYPES.managed && sourceId !== null)
    throw new AppError('BAD_REQUEST', 'source_id: a managed group has no source; leave it out.');
  if (type !== GROUP_TYPES.ldap) {
    if (dn !== '') throw new AppError('BAD_REQUEST', 'ldap_group_dn: only groups of type 1 have a DN; leave it out.');
    if (given === '') throw new AppError('BAD_REQUEST', 'group_name: give the group a name.');
    return { name: given, type, dn, key: given, sourceId };
  }
  const key = normalizeDn(dn);
  if (key === null)
    throw new AppError(
      'BAD_REQUEST',
      'ldap_group_dn: a group of type 1 needs the DN of its entry, for example cn=dev,ou=groups,dc=example,dc=org.',
    );
  return { name: given || (leadingValue(dn) ?? dn).slice(0, MAX_NAME_LENGTH), type, dn, key, sourceId };
}

/**
 * The groups a source names, each once. Names that cannot be stored whole are left out, never cut: a cut name could be
 * that of another group.
 */
export function groupsOfSource(source: GroupSource, groups: readonly ExternalGroup[]): NewGroup[] {
  const type = typeOfSource(source.kind);
  const sourceId = source.isFirst ? null : source.id;
  const found = new Map<string, NewGroup>();
  for (const { name, dn = '' } of groups) {
    const key = type === GROUP_TYPES.ldap ? normalizeDn(dn) : name;
    const isStorable =
      name !== '' && name.length <= MAX_NAME_LENGTH && dn.length <= MAX_DN_LENGTH && !/\p{Cc}/u.test(name + dn);
    if (key !== null && isStorable && !found.has(key)) found.set(key, { name, type, dn, key, sourceId });
    if (found.size >= MAX_GROUPS_OF_USER) break;
  }
  return [...found.values()];
}
