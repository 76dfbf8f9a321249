import type { LdapSettings } from '@moorage/contracts';
import type { Clock } from '../clock/index.ts';
import { type ExternalGroup, leadingValue, normalizeDn } from '../group/index.ts';
import { isAttributeName, isInScope, type LdapEntry, type LdapPerson, valuesOf } from './ldap.rules.ts';
import type { LdapSearch } from './ldap-connection.ts';
import { anyEntry, anyGroup, groupNameAttribute, groupsInChain, groupsWithMembers, isInChain } from './ldap-filters.ts';

type Search = (search: LdapSearch) => Promise<LdapEntry[]>;

/** Groups of one person, and whether the administrators' group is among them. */
export interface LdapMemberships {
  /** Null when no groups are configured: then what is known stays. */
  readonly groups: readonly ExternalGroup[] | null;
  readonly isAdmin: boolean;
}

/** A group's entry as far as it matters. */
interface GroupFacts {
  /** Null when the entry is gone, or is none of the configured groups. */
  readonly name: string | null;
  readonly parents: readonly string[];
}

interface Found {
  readonly dn: string;
  readonly name: string | null;
}

const FRESH_MS = 5 * 60_000;
const MAX_REMEMBERED = 20_000;
/** Groups of one person, and steps from group to group; what lies beyond does not count. */
const MAX_GROUPS = 2_000;
const MAX_DEPTH = 20;
const SIDE_BY_SIDE = 8;
const MEMBERS_PER_SEARCH = 50;

const SCOPES = ['base', 'one', 'sub'] as const;

/** Which groups a person is in. Entries of groups are read once in five minutes, not at every sign-in (LDAP-4). */
export class LdapGroupReader {
  readonly #settings: LdapSettings;
  readonly #search: Search;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, { readonly at: number; readonly facts: Promise<GroupFacts> }>();

  constructor(settings: LdapSettings, search: Search, clock: Clock) {
    this.#settings = settings;
    this.#search = search;
    this.#clock = clock;
  }

  /** Throws UNAVAILABLE when the directory does not tell. */
  async of(person: LdapPerson): Promise<LdapMemberships> {
    const settings = this.#settings;
    const adminKey = normalizeDn(settings.group_admin_dn);
    const isConfigured = settings.group_base_dn !== '' || settings.group_search_filter !== '';
    if (!isConfigured && adminKey === null) return { groups: null, isAdmin: false };
    const found = await this.#find(person, isConfigured);
    const groups = [...found.values()].flatMap(({ dn, name }) => (name === null ? [] : [{ dn, name }]));
    const isAdmin = adminKey !== null && (found.has(adminKey) || (await this.#isInAdminGroup(person)));
    return { groups: isConfigured ? groups : null, isAdmin };
  }

  #find(person: LdapPerson, isConfigured: boolean): Promise<Map<string, Found>> {
    if (this.#settings.group_nesting === 'active_directory') return this.#findInChain(person);
    return isAttributeName(this.#settings.group_membership_attribute)
      ? this.#followNames(person, isConfigured)
      : this.#searchMembers(person);
  }

  /** One search; the server follows groups in groups. */
  async #findInChain(person: LdapPerson): Promise<Map<string, Found>> {
    const entries = await this.#searchGroups(groupsInChain(this.#settings, person.dn));
    const direct = person.memberOf.map((dn): [string, Found] => [normalizeDn(dn) ?? '', { dn, name: null }]);
    return new Map([...direct, ...entries.map((entry) => this.#foundOf(entry))]);
  }

  /** From the groups the person's entry names to those their entries name, each once, so that circles end. */
  async #followNames(person: LdapPerson, isConfigured: boolean): Promise<Map<string, Found>> {
    const isWalking = this.#settings.group_nesting === 'walk';
    const found = new Map<string, Found>();
    let next = person.memberOf;
    for (let depth = 0; next.length > 0 && depth < (isWalking ? MAX_DEPTH : 1); depth++) {
      const fresh = new Map<string, string>();
      for (const dn of next) {
        const key = normalizeDn(dn);
        if (key !== null && !found.has(key) && found.size + fresh.size < MAX_GROUPS) fresh.set(key, dn);
      }
      const facts = isConfigured || isWalking ? await this.#readAll([...fresh]) : [];
      [...fresh].forEach(([key, dn], index) => found.set(key, { dn, name: facts[index]?.name ?? null }));
      next = facts.flatMap(({ parents }) => parents);
    }
    return found;
  }

  /** For directories whose entries do not name their groups: searches the groups that name the person, then those groups. */
  async #searchMembers(person: LdapPerson): Promise<Map<string, Found>> {
    const isWalking = this.#settings.group_nesting === 'walk';
    const found = new Map<string, Found>();
    let members: readonly string[] = [person.dn];
    for (let depth = 0; members.length > 0 && depth < (isWalking ? MAX_DEPTH : 1); depth++) {
      const next: string[] = [];
      for (let at = 0; at < members.length; at += MEMBERS_PER_SEARCH) {
        const uid = depth === 0 ? person.username : null;
        const batch = members.slice(at, at + MEMBERS_PER_SEARCH);
        for (const entry of await this.#searchGroups(groupsWithMembers(this.#settings, batch, uid))) {
          const [key, group] = this.#foundOf(entry);
          if (found.has(key) || found.size >= MAX_GROUPS) continue;
          found.set(key, group);
          next.push(entry.dn);
        }
      }
      members = next;
    }
    return found;
  }

  #searchGroups(filter: LdapSearch['filter']): Promise<LdapEntry[]> {
    const { group_base_dn, base_dn, group_search_scope } = this.#settings;
    return this.#search({
      base: group_base_dn || base_dn,
      scope: SCOPES[group_search_scope] ?? 'sub',
      filter,
      attributes: [groupNameAttribute(this.#settings)],
      limit: MAX_GROUPS,
    });
  }

  /** The administrators' group may lie outside the groups that are read; Active Directory follows groups to it too. */
  async #isInAdminGroup(person: LdapPerson): Promise<boolean> {
    const { group_nesting, group_admin_dn, group_membership_attribute } = this.#settings;
    const filter =
      group_nesting === 'active_directory'
        ? isInChain(person.dn)
        : isAttributeName(group_membership_attribute)
          ? null
          : groupsWithMembers(null, [person.dn], person.username);
    if (filter === null) return false;
    const hits = await this.#search({ base: group_admin_dn, scope: 'base', filter, attributes: ['1.1'], limit: 1 });
    return hits.length > 0;
  }

  async #readAll(groups: readonly (readonly [key: string, dn: string])[]): Promise<GroupFacts[]> {
    const facts: GroupFacts[] = [];
    for (let at = 0; at < groups.length; at += SIDE_BY_SIDE) {
      facts.push(...(await Promise.all(groups.slice(at, at + SIDE_BY_SIDE).map((group) => this.#read(...group)))));
    }
    return facts;
  }

  #read(key: string, dn: string): Promise<GroupFacts> {
    const now = this.#clock.now().getTime();
    const known = this.#remembered.get(key);
    if (known && Math.abs(now - known.at) < FRESH_MS) return known.facts;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    const facts = this.#readEntry(key, dn);
    this.#remembered.set(key, { at: now, facts });
    facts.catch(() => this.#remembered.delete(key));
    return facts;
  }

  async #readEntry(key: string, dn: string): Promise<GroupFacts> {
    const settings = this.#settings;
    const baseKey = normalizeDn(settings.group_base_dn) ?? '';
    const mayCount = baseKey === '' || isInScope(key, baseKey, settings.group_search_scope);
    const read = (filter: LdapSearch['filter']) =>
      this.#search({
        base: dn,
        scope: 'base',
        filter,
        attributes: [groupNameAttribute(settings), settings.group_membership_attribute],
        limit: 1,
      });
    const [counted] = mayCount ? await read(anyGroup(settings)) : [];
    // A group that does not count may still lead to one that does.
    const [entry] = counted || settings.group_nesting !== 'walk' ? [counted] : await read(anyEntry());
    return {
      name: counted ? this.#nameOf(counted) : null,
      parents: entry ? valuesOf(entry, settings.group_membership_attribute) : [],
    };
  }

  #foundOf(entry: LdapEntry): [key: string, found: Found] {
    return [normalizeDn(entry.dn) ?? entry.dn, { dn: entry.dn, name: this.#nameOf(entry) }];
  }

  #nameOf(entry: LdapEntry): string {
    return valuesOf(entry, groupNameAttribute(this.#settings))[0] ?? leadingValue(entry.dn) ?? entry.dn;
  }
}
