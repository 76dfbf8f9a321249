import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { EgressService } from '../egress/index.ts';
import type { IdentitySourceOf } from '../identity-source/index.ts';
import { fingerprintOf, type LdapAccess, LdapDirectory } from './ldap-directory.ts';

/** The directories of this process with their open connections: one for each source, as it is configured now. */
@Injectable()
export class LdapDirectoriesService implements OnModuleDestroy {
  readonly #egress: EgressService;
  readonly #clock: Clock;
  readonly #open = new Map<number, { readonly fingerprint: string; readonly directory: LdapDirectory }>();

  constructor(egress: EgressService, clock: Clock) {
    this.#egress = egress;
    this.#clock = clock;
  }

  /** The directory of a source. A change of its settings lets go of the connections made with the former ones. */
  of(source: IdentitySourceOf<'ldap'>): LdapDirectory {
    const access = { settings: source.settings, searchPassword: source.secrets.search_password ?? '' };
    const fingerprint = fingerprintOf(access);
    const known = this.#open.get(source.id);
    if (known?.fingerprint === fingerprint) return known.directory;
    known?.directory.close();
    const directory = this.unsaved(access);
    this.#open.set(source.id, { fingerprint, directory });
    return directory;
  }

  /** A directory with settings that are not saved; the caller closes it. */
  unsaved(access: LdapAccess): LdapDirectory {
    return new LdapDirectory(this.#egress, this.#clock, access);
  }

  onModuleDestroy(): void {
    for (const { directory } of this.#open.values()) directory.close();
    this.#open.clear();
  }
}
