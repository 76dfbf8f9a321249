import { importLdapUser, pingLdap, searchLdapGroup, searchLdapUser } from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Call, Input, originOf, Serve } from '../http/index.ts';
import { LdapService } from './ldap.service.ts';

/** `/ldap`. */
@Controller()
export class LdapController {
  readonly #ldap: LdapService;

  constructor(ldap: LdapService) {
    this.#ldap = ldap;
  }

  @Serve(pingLdap)
  ping(@Input() { body }: Call<typeof pingLdap>) {
    return this.#ldap.ping(body);
  }

  @Serve(searchLdapUser)
  searchUsers(@Input() { query }: Call<typeof searchLdapUser>) {
    return this.#ldap.searchUsers(query.source_id, query.username ?? '');
  }

  @Serve(importLdapUser)
  async importUsers(
    @Input() { caller, query, body }: Call<typeof importLdapUser>,
    @Res() response: Response,
  ): Promise<void> {
    const failed = await this.#ldap.importUsers(query.source_id, body.ldap_uid_list, originOf(caller));
    if (failed.length === 0) response.status(200).end();
    else response.status(404).json(failed);
  }

  @Serve(searchLdapGroup)
  searchGroups(@Input() { query }: Call<typeof searchLdapGroup>) {
    return this.#ldap.searchGroups(query.source_id, { name: query.groupname ?? '', dn: query.groupdn ?? '' });
  }
}
