import { createHash } from 'node:crypto';
import { AppError, type LdapSettings } from '@moorage/contracts';
import type { Clock } from '../clock/index.ts';
import type { EgressService } from '../egress/index.ts';
import { normalizeDn } from '../group/index.ts';
import { isInScope, type LdapEntry, readLdapUrl, readSubject, userAttributes } from './ldap.rules.ts';
import { type BindOutcome, LdapConnection, type LdapEndpoint, type LdapSearch } from './ldap-connection.ts';
import {
  anyEntry,
  anyUser,
  groupNameAttribute,
  groupsLike,
  userIdentified,
  userNamed,
  usersLike,
} from './ldap-filters.ts';
import { LdapGroupReader } from './ldap-group-reader.ts';
import { LdapPool } from './ldap-pool.ts';

const MAX_CONNECTIONS = 8;
const SCOPES = ['base', 'one', 'sub'] as const;

/** Settings of a directory with the password of its search account. */
export interface LdapAccess {
  readonly settings: LdapSettings;
  /** Empty: searches are anonymous. */
  readonly searchPassword: string;
}

/**
 * One directory as it is configured now. Searches and checks of passwords have connections of their own, since a bind
 * changes what a connection may see.
 */
export class LdapDirectory {
  readonly settings: LdapSettings;
  readonly groups: LdapGroupReader;
  readonly #egress: EgressService;
  readonly #access: LdapAccess;
  readonly #searches: LdapPool;
  readonly #binds: LdapPool;

  constructor(egress: EgressService, clock: Clock, access: LdapAccess) {
    this.settings = access.settings;
    this.#egress = egress;
    this.#access = access;
    const timeoutMs = access.settings.timeout * 1000;
    this.#searches = new LdapPool(() => this.#openBound(), MAX_CONNECTIONS, timeoutMs);
    this.#binds = new LdapPool(() => this.open(), MAX_CONNECTIONS, timeoutMs);
    this.groups = new LdapGroupReader(access.settings, (search) => this.search(search), clock);
  }

  /** A connection of its own, not bound; the caller closes it. */
  open(): Promise<LdapConnection> {
    return LdapConnection.open(this.#egress, endpointOf(this.#access.settings));
  }

  /** Binds a connection as the search account; nothing to do without one. */
  bindSearchAccount(connection: LdapConnection): Promise<BindOutcome> {
    const { settings, searchPassword } = this.#access;
    return settings.search_dn === '' || searchPassword === ''
      ? Promise.resolve({ kind: 'bound' })
      : connection.bind(settings.search_dn, searchPassword);
  }

  /** Searches as the search account. Throws UNAVAILABLE. */
  search(search: LdapSearch): Promise<LdapEntry[]> {
    return this.#searches.use((connection) => connection.search(search));
  }

  /** Whether the password is that of the entry. Both must not be empty. Throws UNAVAILABLE when the directory cannot tell. */
  checkPassword(dn: string, password: string): Promise<BindOutcome> {
    if (dn === '' || password === '') return Promise.resolve({ kind: 'refused', diagnostic: '' });
    return this.#binds.use((connection) => connection.bind(dn, password));
  }

  /** Users of exactly that name; two when there is more than one. */
  findNamed(name: string): Promise<LdapEntry[]> {
    return this.#searchUsers(userNamed(this.settings, name), 2);
  }

  /** Users whose name holds the text. */
  findLike(text: string, limit: number): Promise<LdapEntry[]> {
    return this.#searchUsers(usersLike(this.settings, text), limit);
  }

  /** The users an account's subject stands for: one, or none when the entry is gone or counts as user no more. */
  async findSubject(subject: string): Promise<LdapEntry[]> {
    const { settings } = this;
    const read = readSubject(subject);
    if (read === null) return [];
    if ('attribute' in read) return this.#searchUsers(userIdentified(settings, read.attribute, read.value), 2);
    const [key, baseKey] = [normalizeDn(read.dn), normalizeDn(settings.base_dn)];
    if (key === null || baseKey === null || !isInScope(key, baseKey, settings.scope)) return [];
    return this.search({
      base: read.dn,
      scope: 'base',
      filter: anyUser(settings),
      attributes: userAttributes(settings),
      limit: 1,
    });
  }

  /** Groups whose name holds the text. */
  findGroupsLike(text: string, limit: number): Promise<LdapEntry[]> {
    const { settings } = this;
    return this.search({
      base: settings.group_base_dn || settings.base_dn,
      scope: SCOPES[settings.group_search_scope] ?? 'sub',
      filter: groupsLike(settings, text),
      attributes: [groupNameAttribute(settings)],
      limit,
    });
  }

  /** The entry of a group; none when it is not there. */
  readGroup(dn: string): Promise<LdapEntry[]> {
    return this.search({
      base: dn,
      scope: 'base',
      filter: anyEntry(),
      attributes: [groupNameAttribute(this.settings)],
      limit: 1,
    });
  }

  close(): void {
    this.#searches.close();
    this.#binds.close();
  }

  #searchUsers(filter: LdapSearch['filter'], limit: number): Promise<LdapEntry[]> {
    const { settings } = this;
    return this.search({
      base: settings.base_dn,
      scope: SCOPES[settings.scope] ?? 'sub',
      filter,
      attributes: userAttributes(settings),
      limit,
    });
  }

  async #openBound(): Promise<LdapConnection> {
    const connection = await this.open();
    const outcome = await this.bindSearchAccount(connection).catch((error: unknown) => {
      connection.close();
      throw error;
    });
    if (outcome.kind === 'bound') return connection;
    connection.close();
    throw new AppError(
      'UNAVAILABLE',
      'The directory refuses the search account: an administrator must check search_dn.',
    );
  }
}

/** Tells two states of a directory's settings apart, without keeping the password. */
export function fingerprintOf({ settings, searchPassword }: LdapAccess): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, searchPassword]))
    .digest('base64');
}

function endpointOf(settings: LdapSettings): LdapEndpoint {
  return {
    address: readLdapUrl(settings.url),
    startsTls: settings.start_tls,
    tls: { caPem: settings.ca_certificate || undefined, insecure: !settings.verify_cert },
    timeoutMs: settings.timeout * 1000,
  };
}
