import { AppError, type SourceCheck } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type {
  AnySource,
  ExternalProof,
  IdentitySourceOf,
  KnownIdentity,
  PasswordOutcome,
  RefreshOutcome,
  SourceCredentials,
  SourceDraft,
  SourceKindHandler,
} from '../identity-source/index.ts';
import {
  type LdapEntry,
  type LdapPerson,
  mayBeTried,
  personOf,
  proofOf,
  refusalOfRightPassword,
} from './ldap.rules.ts';
import { LdapDirectoriesService } from './ldap-directories.service.ts';
import type { LdapDirectory } from './ldap-directory.ts';
import { tryDirectory } from './ldap-trial.ts';

/** Directories as a source of accounts: passwords are checked by binding, accounts are asked about by searching. */
@Injectable()
export class LdapSourceService implements SourceKindHandler {
  readonly kind = 'ldap';
  readonly #directories: LdapDirectoriesService;

  constructor(directories: LdapDirectoriesService) {
    this.#directories = directories;
  }

  loginUrl(): null {
    return null;
  }

  /**
   * Searches the one entry of that name, binds as it with the password, reads its groups (LDAP-3 to LDAP-5). No entry, two
   * entries and an entry without DN are nobody (S35).
   */
  async prove(source: AnySource, { name, secret }: SourceCredentials): Promise<PasswordOutcome> {
    const directory = this.#of(source);
    if (!mayBeTried(name, secret)) return { kind: 'absent' };
    const person = theOne(await directory.findNamed(name), directory, name);
    if (person === null) return { kind: 'absent' };
    const outcome = await directory.checkPassword(person.dn, secret);
    if (outcome.kind === 'refused') return { kind: 'refused', message: refusalOfRightPassword(outcome.diagnostic) };
    if (person.isDisabled) return { kind: 'refused', message: null };
    return { kind: 'proven', proof: await this.proofOf(source as IdentitySourceOf<'ldap'>, person) };
  }

  /** Searches the entry of an account by its identifier, wherever it was moved and however it is called now. */
  async refresh(source: AnySource, identity: KnownIdentity): Promise<RefreshOutcome> {
    try {
      const directory = this.#of(source);
      const entries = await directory.findSubject(identity.subject);
      if (entries.length > 1) return { kind: 'unknown', reason: 'the directory has two entries with one identifier' };
      const person = theOne(entries, directory);
      if (person === null) return { kind: 'gone', reason: 'the directory has no such user any more' };
      if (person.isDisabled) return { kind: 'gone', reason: 'the account is disabled in the directory' };
      return { kind: 'confirmed', proof: await this.proofOf(source as IdentitySourceOf<'ldap'>, person) };
    } catch (error) {
      return { kind: 'unknown', reason: error instanceof Error ? error.message : 'the directory does not answer' };
    }
  }

  async test(draft: SourceDraft): Promise<readonly SourceCheck[]> {
    if (draft.kind !== 'ldap') throw new Error('these settings are not those of a directory');
    const access = { settings: draft.settings, searchPassword: draft.secrets.search_password ?? '' };
    const directory = this.#directories.unsaved(access);
    try {
      return await tryDirectory(directory);
    } finally {
      directory.close();
    }
  }

  /** What the directory proves about a person, with groups as it names them now. Throws UNAVAILABLE. */
  async proofOf(source: IdentitySourceOf<'ldap'>, person: LdapPerson): Promise<ExternalProof> {
    const { groups, isAdmin } = await this.#directories.of(source).groups.of(person);
    return proofOf(source.id, person, groups, isAdmin);
  }

  #of(source: AnySource): LdapDirectory {
    if (source.kind !== 'ldap') throw new AppError('PRECONDITION', `Source ${source.name} is no directory.`);
    return this.#directories.of(source);
  }
}

function theOne(entries: readonly LdapEntry[], directory: LdapDirectory, name = ''): LdapPerson | null {
  const [entry, second] = entries;
  return entry && !second ? personOf(entry, directory.settings, name) : null;
}
