import {
  type AnswerOf,
  AppError,
  type BodyOf,
  GROUP_TYPES,
  type ldapFailedImport,
  type pingLdap,
  type searchLdapGroup,
  type searchLdapUser,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { leadingValue, normalizeDn } from '../group/index.ts';
import type { RequestOrigin } from '../http/index.ts';
import { ExternalAccountService, type IdentitySourceOf, IdentitySourceService } from '../identity-source/index.ts';
import { type LdapEntry, personOf, valuesOf } from './ldap.rules.ts';
import { LdapDirectoriesService } from './ldap-directories.service.ts';
import { groupNameAttribute } from './ldap-filters.ts';
import { LdapSourceService } from './ldap-source.service.ts';

const MAX_FOUND = 100;
const SIDE_BY_SIDE = 4;

type FailedImport = z.output<typeof ldapFailedImport>;

/** What people do with a directory who do not sign in by it: try it, look into it, import from it (LDAP-6). */
@Injectable()
export class LdapService {
  readonly #sources: IdentitySourceService;
  readonly #accounts: ExternalAccountService;
  readonly #directories: LdapDirectoriesService;
  readonly #source: LdapSourceService;

  constructor(
    sources: IdentitySourceService,
    accounts: ExternalAccountService,
    directories: LdapDirectoriesService,
    source: LdapSourceService,
  ) {
    this.#sources = sources;
    this.#accounts = accounts;
    this.#directories = directories;
    this.#source = source;
  }

  /**
   * Tries the first directory, with the given settings in place of the saved ones. The saved password goes to the saved
   * address only (S96). Throws BAD_REQUEST when something is missing.
   */
  async ping(body: BodyOf<typeof pingLdap>): Promise<AnswerOf<typeof pingLdap>> {
    const given = body ?? {};
    const id = await this.#sources.firstIdOf('ldap');
    const draft = await this.#sources.draft({
      kind: 'ldap',
      ...(id === null ? {} : { source_id: id }),
      ldap: {
        url: given.ldap_url,
        search_dn: given.ldap_search_dn,
        search_password: given.ldap_search_password || null,
        base_dn: given.ldap_base_dn,
        filter: given.ldap_filter,
        uid: given.ldap_uid,
        scope: given.ldap_scope,
        timeout: given.ldap_connection_timeout,
        verify_cert: given.ldap_verify_cert,
      },
    });
    const checks = await this.#source.test(draft);
    const failed = checks.filter(({ result }) => result === 'failed');
    const told = failed.length > 0 ? failed : checks.filter(({ result }) => result === 'warning');
    return { success: failed.length === 0, message: told.map(({ message }) => message).join(' ') };
  }

  /** Users of the directory whose name holds the text. Throws PRECONDITION, UNAVAILABLE. */
  async searchUsers(
    sourceId: number | undefined,
    text: string,
    limit = MAX_FOUND,
  ): Promise<AnswerOf<typeof searchLdapUser>> {
    const directory = this.#directories.of(await this.#find(sourceId));
    const entries = await directory.findLike(text.trim(), limit);
    return entries.flatMap((entry) => {
      const person = personOf(entry, directory.settings);
      return person ? [{ username: person.username, realname: person.realname, email: person.email }] : [];
    });
  }

  /** Groups by a part of the name, or the one of a DN. Throws BAD_REQUEST, PRECONDITION, UNAVAILABLE. */
  async searchGroups(
    sourceId: number | undefined,
    by: { readonly name: string; readonly dn: string },
    limit = MAX_FOUND,
  ): Promise<AnswerOf<typeof searchLdapGroup>> {
    if (by.name === '' && by.dn === '') {
      throw new AppError('BAD_REQUEST', 'groupname: give a part of the name, or the DN as groupdn.');
    }
    if (by.dn !== '' && normalizeDn(by.dn) === null) {
      throw new AppError('BAD_REQUEST', 'groupdn: write it as a DN, for example cn=dev,ou=groups,dc=example,dc=org.');
    }
    const directory = this.#directories.of(await this.#find(sourceId));
    const entries = await (by.dn === '' ? directory.findGroupsLike(by.name, limit) : directory.readGroup(by.dn));
    return entries.map((entry) => ({
      group_name: valuesOf(entry, groupNameAttribute(directory.settings))[0] ?? leadingValue(entry.dn) ?? entry.dn,
      group_type: GROUP_TYPES.ldap,
      ldap_group_dn: entry.dn,
    }));
  }

  /**
   * Makes accounts for users of the directory; who has one already is brought up to date, and a lapsed account waits for its
   * owner's next sign-in. Returns who failed, and why.
   */
  async importUsers(
    sourceId: number | undefined,
    names: readonly string[],
    origin: RequestOrigin,
  ): Promise<readonly FailedImport[]> {
    const source = await this.#find(sourceId);
    const failed: FailedImport[] = [];
    const wanted = [...new Set(names)];
    for (let at = 0; at < wanted.length; at += SIDE_BY_SIDE) {
      const batch = wanted.slice(at, at + SIDE_BY_SIDE);
      const errors = await Promise.all(batch.map((name) => this.#import(source, name, origin)));
      errors.forEach((error, index) => {
        if (error !== null) failed.push({ uid: batch[index] ?? '', error });
      });
    }
    return failed;
  }

  /**
   * The account of the one person the directories know by that name, made when there is none yet. Null when nobody is called
   * so. Throws BAD_REQUEST when several directories know the name, CONFLICT when the account cannot be made, UNAVAILABLE.
   */
  async accountOf(sourceId: number | undefined, name: string, origin: RequestOrigin): Promise<number | null> {
    const sources = sourceId === undefined ? await this.#sources.enabledOf('ldap') : [await this.#find(sourceId)];
    const answers = await Promise.all(
      sources.map(async (source) => ({ source, entries: await this.#directories.of(source).findNamed(name) })),
    );
    const [only, second] = answers.filter(({ entries }) => entries.length > 0);
    if (!only) return null;
    if (second) {
      throw new AppError('BAD_REQUEST', 'source_id: several directories have a user of this name; say which one.');
    }
    const account = await this.#accountOf(only.source, only.entries, name, origin);
    if ('error' in account) throw new AppError('CONFLICT', account.error);
    return account.userId;
  }

  async #import(source: IdentitySourceOf<'ldap'>, name: string, origin: RequestOrigin): Promise<string | null> {
    const entries = await this.#directories.of(source).findNamed(name);
    const account = await this.#accountOf(source, entries, name, origin);
    return 'error' in account ? account.error : null;
  }

  async #accountOf(
    source: IdentitySourceOf<'ldap'>,
    [entry, second]: readonly LdapEntry[],
    name: string,
    origin: RequestOrigin,
  ): Promise<{ readonly userId: number } | { readonly error: string }> {
    const person = entry && personOf(entry, source.settings, name);
    if (second) return { error: 'The directory has several users of this name.' };
    if (!person) return { error: 'The directory has no user of this name.' };
    if (person.isDisabled) return { error: 'The user is disabled in the directory; enable the entry there first.' };
    try {
      const proof = await this.#source.proofOf(source, person);
      const account = await this.#accounts.lookUp(source, proof);
      if (account.kind === 'known') return { userId: account.userId };
      if (account.suggestion === null) return { error: 'Another account has this user name.' };
      return { userId: await this.#accounts.onboard(source, proof, account.suggestion, origin) };
    } catch (error) {
      if (error instanceof AppError && error.code !== 'UNAVAILABLE') return { error: error.message };
      throw error;
    }
  }

  async #find(id: number | undefined): Promise<IdentitySourceOf<'ldap'>> {
    const sources = await this.#sources.enabledOf('ldap');
    const source =
      id === undefined ? (sources.find(({ isFirst }) => isFirst) ?? sources[0]) : sources.find((one) => one.id === id);
    if (source) return source;
    throw new AppError(
      'PRECONDITION',
      'No directory is set up and enabled: add one in the settings of identity sources.',
    );
  }
}
