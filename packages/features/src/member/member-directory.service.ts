import type { AnswerOf, searchDirectoryGroups, searchDirectoryUsers } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type Caller, originOf } from '../http/index.ts';
import { LdapService } from '../ldap/index.ts';
import { type AttemptLimit, ThrottleService } from '../throttle/index.ts';

const MAX_FOUND = 20;
/** Enough for typing names all day, too little for copying a directory. */
const SEARCH_LIMIT: AttemptLimit = { attempts: 60, windowSeconds: 60 };

/** What those who add members see of the directories: a few entries for a part of a name, so many times a minute each. */
@Injectable()
export class MemberDirectoryService {
  readonly #ldap: LdapService;
  readonly #throttle: ThrottleService;

  constructor(ldap: LdapService, throttle: ThrottleService) {
    this.#ldap = ldap;
    this.#throttle = throttle;
  }

  /** Throws PRECONDITION without a directory, TOO_MANY_REQUESTS, UNAVAILABLE. */
  async users(
    caller: Caller,
    sourceId: number | undefined,
    text: string,
  ): Promise<AnswerOf<typeof searchDirectoryUsers>> {
    await this.#count(caller);
    return this.#ldap.searchUsers(sourceId, text, MAX_FOUND);
  }

  /** Throws PRECONDITION without a directory, TOO_MANY_REQUESTS, UNAVAILABLE. */
  async groups(
    caller: Caller,
    sourceId: number | undefined,
    text: string,
  ): Promise<AnswerOf<typeof searchDirectoryGroups>> {
    await this.#count(caller);
    return this.#ldap.searchGroups(sourceId, { name: text, dn: '' }, MAX_FOUND);
  }

  /** The account of somebody a directory knows by that very name, made now when there is none; null when there is nobody. */
  async accountOf(caller: Caller, sourceId: number | undefined, name: string): Promise<number | null> {
    await this.#count(caller);
    return this.#ldap.accountOf(sourceId, name, originOf(caller));
  }

  #count({ principal }: Caller): Promise<void> {
    return this.#throttle.useBy('directory', principal, SEARCH_LIMIT);
  }
}
