import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import {
  type AnySource,
  ExternalAccountService,
  IdentitySourceService,
  type PasswordOutcome,
  SourceKinds,
} from '../identity-source/index.ts';
import {
  type BasicCredentials,
  type CredentialVerifier,
  type Identity,
  type Precedence,
  type Proof,
  type Recognition,
} from '../login/index.ts';
import { UserService } from '../user/index.ts';
import { ProvenPersonService } from './proven-person.service.ts';

/**
 * Names and passwords that an identity source checks. An account that comes from a source is asked about there and nowhere
 * else; a name nobody here has is asked about at every source, in the order of the sign-in page, until one knows it.
 */
@Injectable()
export class SourcePasswordVerifier implements CredentialVerifier {
  readonly credential = 'source-password';
  readonly precedence: Precedence = 'source';
  readonly noPortal = null;
  readonly #sources: IdentitySourceService;
  readonly #kinds: SourceKinds;
  readonly #accounts: ExternalAccountService;
  readonly #people: ProvenPersonService;
  readonly #users: UserService;

  constructor(
    sources: IdentitySourceService,
    kinds: SourceKinds,
    accounts: ExternalAccountService,
    people: ProvenPersonService,
    users: UserService,
  ) {
    this.#sources = sources;
    this.#kinds = kinds;
    this.#accounts = accounts;
    this.#people = people;
    this.#users = users;
  }

  async recognises({ name }: BasicCredentials): Promise<Recognition> {
    return (await this.#sourcesFor(name)).length > 0 ? 'mine' : 'other';
  }

  async verify(credentials: BasicCredentials, origin: RequestOrigin): Promise<Proof | null> {
    const identity = await this.#identify(credentials, origin);
    if (identity) return { identity, until: null };
    // The same work as for a wrong password of a local account, so that nobody tells them apart by time (S4). The password
    // is wrong all the same when there is no room for it: whoever sees to that must not guess without being counted.
    await this.#users.verify('', credentials.secret).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'UNAVAILABLE') throw error;
    });
    return null;
  }

  async #identify(credentials: BasicCredentials, origin: RequestOrigin): Promise<Identity | null> {
    let silent: unknown = null;
    for (const source of await this.#sourcesFor(credentials.name)) {
      const outcome = await this.#ask(source, credentials, origin).catch((error: unknown) => {
        silent = error;
        return null;
      });
      if (outcome === null || outcome.kind === 'absent') continue;
      if (outcome.kind === 'proven') return this.#people.identityOf(source, outcome.proof, origin);
      if (outcome.message !== null) throw new AppError('UNAUTHORIZED', outcome.message);
      return null;
    }
    // A source that does not answer may be the one that knows the name: "wrong" would be a guess.
    if (silent !== null) throw unavailable(silent);
    return null;
  }

  #ask(source: AnySource, { name, secret }: BasicCredentials, origin: RequestOrigin): Promise<PasswordOutcome> {
    const handler = this.#kinds.of(source.kind);
    return handler?.prove ? handler.prove(source, { name, secret }, origin) : Promise.resolve({ kind: 'absent' });
  }

  async #sourcesFor(name: string): Promise<readonly AnySource[]> {
    const sources = (await this.#sources.enabled()).filter(({ kind }) => this.#kinds.of(kind)?.prove !== undefined);
    if (sources.length === 0) return [];
    const owner = await this.#accounts.ownerOf(name);
    if (owner === null) return sources;
    return owner.hasPassword ? [] : sources.filter(({ id }) => id === owner.sourceId);
  }
}

function unavailable(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  // Who signs in is told that the source is away, not where it stands.
  return new AppError('UNAVAILABLE', 'The directory that checks this password does not answer now; try again soon.', {
    cause: error,
    retryAfterSeconds: 10,
  });
}
