import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import { type AnySource, ExternalAccountService, type ExternalProof } from '../identity-source/index.ts';
import { type Identity, IdentityService } from '../login/index.ts';

/** Who a person is here whom a source has proven without a page of its own. */
@Injectable()
export class ProvenPersonService {
  readonly #accounts: ExternalAccountService;
  readonly #identities: IdentityService;

  constructor(accounts: ExternalAccountService, identities: IdentityService) {
    this.#accounts = accounts;
    this.#identities = identities;
  }

  /**
   * The account of a proven person, made at the first sign-in (LDAP-3). Null for an account that is disabled here; throws
   * UNAUTHORIZED when the name is another account's, since names never link.
   */
  async identityOf(source: AnySource, proof: ExternalProof, origin: RequestOrigin): Promise<Identity | null> {
    const account = await this.#accounts.accept(source, proof, origin);
    if (account.kind === 'known') return this.#identities.find('user', account.userId);
    if (account.suggestion === null) throw taken(proof.username);
    try {
      const userId = await this.#accounts.onboard(source, proof, account.suggestion, origin);
      return await this.#identities.find('user', userId);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'CONFLICT')) throw error;
      // Two first sign-ins at once: the other one has just made the account.
      const again = await this.#accounts.accept(source, proof, origin);
      if (again.kind === 'unknown') throw taken(proof.username);
      return this.#identities.find('user', again.userId);
    }
  }
}

function taken(username: string): AppError {
  return new AppError(
    'UNAUTHORIZED',
    `Your sign-in is right, but the user name ${JSON.stringify(username.slice(0, 80))} belongs to another account here or cannot be one: ask an administrator.`,
  );
}
