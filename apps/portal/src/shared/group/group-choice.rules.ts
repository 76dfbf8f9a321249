import { GROUP_TYPES, MAX_NAME_LENGTH } from '@moorage/contracts';

/** An enabled identity source whose groups can be named. */
export interface GroupSource {
  readonly id: number;
  readonly kind: 'oidc' | 'ldap' | 'auth_proxy';
  readonly name: string;
  /** The first one of its kind is meant when no source is named. */
  readonly is_first: boolean;
}

/** A group a source may make known, in the words of the API. */
export type SourceGroup =
  | { readonly group_name: string; readonly group_type: number; readonly source_id?: number }
  | {
      readonly ldap_group_dn: string;
      readonly group_name?: string;
      readonly group_type: number;
      readonly source_id?: number;
    };

/** One group to choose. */
export interface GroupChoice {
  readonly name: string;
  readonly group: { readonly id: number } | SourceGroup;
  readonly origin: 'managed' | 'known' | 'found' | 'new';
  /** Name of the identity source; null for managed groups and for those of a source that is off. */
  readonly source: string | null;
  readonly dn: string | null;
}

interface KnownGroup {
  readonly id: number;
  readonly group_name: string;
  readonly group_type: number;
  readonly ldap_group_dn?: string | undefined;
  readonly source_id?: number | undefined;
}

/** What one directory found. */
export interface FoundGroups {
  readonly source: GroupSource;
  readonly groups: readonly { readonly group_name: string; readonly ldap_group_dn: string }[];
}

const TYPES = { oidc: GROUP_TYPES.oidc, ldap: GROUP_TYPES.ldap, auth_proxy: GROUP_TYPES.authProxy } as const;

/**
 * The groups to offer for what was typed: known ones, those the directories found and are not known yet, and one of that
 * very name for every source that could name it. Directories name groups by DN, which is told by its equals sign.
 */
export function groupChoices(
  typed: string,
  sources: readonly GroupSource[],
  known: readonly KnownGroup[],
  found: readonly FoundGroups[],
): GroupChoice[] {
  if (typed === '') return [];
  const dns = new Set(known.map((group) => placeOf(group.source_id, group.ldap_group_dn)));
  return [
    ...known.map((group) => knownChoice(group, sources)),
    ...found.flatMap(({ source, groups }) =>
      groups
        .filter((group) => !dns.has(placeOf(named(source).source_id, group.ldap_group_dn)))
        .map((group) => foundChoice(group.group_name, group.ldap_group_dn, source)),
    ),
    ...sources
      .filter((source) => !known.some((group) => isNamed(group, typed, source)))
      .flatMap((source) => newChoice(typed, source)),
  ];
}

/** Text that a directory is asked for; none for a DN, which says itself where the group is. */
export function directoryText(typed: string): string {
  return typed.includes('=') ? '' : typed;
}

/** A group to create: that entry of a directory, under the name given or its own, or else the one a source calls so. */
export function groupOfSource(source: GroupSource, name: string, entry: GroupChoice | null): SourceGroup {
  if (entry !== null && 'ldap_group_dn' in entry.group) {
    return name === '' ? entry.group : { ...entry.group, group_name: name };
  }
  return { group_name: name, group_type: TYPES[source.kind], ...named(source) };
}

function knownChoice(group: KnownGroup, sources: readonly GroupSource[]): GroupChoice {
  const source = sources.find((entry) => isOf(group, entry))?.name ?? null;
  return {
    name: group.group_name,
    group: { id: group.id },
    origin: group.group_type === GROUP_TYPES.managed ? 'managed' : 'known',
    source,
    dn: group.ldap_group_dn || null,
  };
}

function foundChoice(name: string, dn: string, source: GroupSource): GroupChoice {
  const isStorable = name.length <= MAX_NAME_LENGTH && name.trim() === name && !/\p{Cc}/u.test(name);
  return {
    name,
    group: {
      ldap_group_dn: dn,
      ...(isStorable ? { group_name: name } : {}),
      group_type: GROUP_TYPES.ldap,
      ...named(source),
    },
    origin: 'found',
    source: source.name,
    dn,
  };
}

function newChoice(typed: string, source: GroupSource): GroupChoice[] {
  const isDn = source.kind === 'ldap';
  if (isDn && !typed.includes('=')) return [];
  const group = { group_type: TYPES[source.kind], ...named(source) };
  return [
    {
      name: typed,
      group: isDn ? { ldap_group_dn: typed, ...group } : { group_name: typed, ...group },
      origin: 'new',
      source: source.name,
      dn: null,
    },
  ];
}

function isNamed(group: KnownGroup, typed: string, source: GroupSource): boolean {
  const key = source.kind === 'ldap' ? group.ldap_group_dn?.toLowerCase() : group.group_name;
  return isOf(group, source) && key === (source.kind === 'ldap' ? typed.toLowerCase() : typed);
}

function isOf(group: KnownGroup, source: GroupSource): boolean {
  return group.group_type === TYPES[source.kind] && group.source_id === named(source).source_id;
}

/** Groups of the first source of a kind name none: with its id they would be others, which nobody ever belongs to. */
function named(source: GroupSource): { source_id?: number } {
  return source.is_first ? {} : { source_id: source.id };
}

function placeOf(sourceId: number | undefined, dn = ''): string {
  return `${sourceId ?? 0} ${dn.toLowerCase()}`;
}
