import { randomUUID } from 'node:crypto';
import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { GroupMembershipService } from '../group/index.ts';
import type { RequestOrigin } from '../http/index.ts';
import { KeyRing } from '../secret/index.ts';
import { type ExternalFacts, ExternalUserService, type Requirement, UserService } from '../user/index.ts';
import { accountName, accountProfile, type ExternalProof, refuseIdentity } from './external-account.rules.ts';
import { type AccountOwner, ExternalAccountStore, type IdentityRow } from './external-account.store.ts';
import type { AnySource } from './identity-source.rules.ts';

/** Whose a proven identity is. `unknown`: nobody's yet; `suggestion` is a free name for a new account, null when there is none. */
export type AccountOfProof =
  | { readonly kind: 'known'; readonly userId: number }
  | { readonly kind: 'unknown'; readonly suggestion: string | null };

/**
 * Turns what a source proves about a person into an account. The key is issuer and subject; names and addresses never
 * link anything (S27–S32).
 */
@Injectable()
export class ExternalAccountService {
  readonly #store: ExternalAccountStore;
  readonly #external: ExternalUserService;
  readonly #users: UserService;
  readonly #groups: GroupMembershipService;
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(
    store: ExternalAccountStore,
    external: ExternalUserService,
    users: UserService,
    groups: GroupMembershipService,
    keys: KeyRing,
    clock: Clock,
  ) {
    this.#store = store;
    this.#external = external;
    this.#users = users;
    this.#groups = groups;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The account a login name means, and where its owner signs in; null when there is none. */
  ownerOf(login: string): Promise<AccountOwner | null> {
    return this.#store.findOwner(login);
  }

  /** The account of an identity; null when there is none. Writes nothing. */
  async userOf(issuer: string, subject: string): Promise<number | null> {
    return (await this.#store.find(issuer, subject))?.userId ?? null;
  }

  /**
   * The account of a proven identity whose owner signs in, brought up to date with it; a lapse ends. Throws DENIED for an
   * identity that can be nobody's, and when the source was removed or disabled meanwhile.
   */
  async accept(source: AnySource, proof: ExternalProof, origin: RequestOrigin): Promise<AccountOfProof> {
    requireIdentity(proof);
    const identity = await this.#store.find(proof.issuer, proof.subject);
    if (!identity) return { kind: 'unknown', suggestion: await this.suggestion(proof) };
    if (!(await this.#takeIn(identity, source, proof, origin))) throw sourceGone(source);
    return { kind: 'known', userId: identity.userId };
  }

  /** The account of an identity a source tells of while its owner is away, brought up to date with it; a lapse stays. */
  async lookUp(source: AnySource, proof: ExternalProof): Promise<AccountOfProof> {
    requireIdentity(proof);
    const identity = await this.#store.find(proof.issuer, proof.subject);
    if (!identity) return { kind: 'unknown', suggestion: await this.suggestion(proof) };
    await this.renew(identity, source, proof);
    return { kind: 'known', userId: identity.userId };
  }

  /** The user name a new account of the proven person can have; null when it is taken or cannot be one. Writes nothing. */
  async suggestion(proof: ExternalProof): Promise<string | null> {
    const name = accountName(proof.username);
    return name !== null && !(await this.#users.isTaken('username', name)) ? name : null;
  }

  /** Takes over what a source says of an account when it was asked again. A lapsed account stays as it is. */
  async renew(identity: IdentityRow, source: AnySource, proof: ExternalProof): Promise<void> {
    if (!(await this.#store.confirm(identity.id, this.#valuesOf(source, proof, identity.uid), false))) return;
    const isLive = await this.#external.refresh(identity.userId, factsOf(proof, ''), NOBODY);
    if (isLive) await this.#setGroups(identity.userId, source, proof);
  }

  /** Ends everything the account can do until its owner signs in at the source again. */
  async lapse(identity: IdentityRow, source: AnySource, reason: string): Promise<void> {
    await this.#external.lapse(identity.userId, reason, this.#clock.now());
    await this.#groups.replaceMemberships(identity.userId, source, []);
  }

  /** Takes away what only the source gives: groups, and the rank of an administrator. A lapsed account has neither. */
  async withhold(identity: IdentityRow, source: AnySource): Promise<void> {
    await this.#external.refresh(identity.userId, { email: '', realname: '', isSysadmin: false }, NOBODY);
    await this.#groups.replaceMemberships(identity.userId, source, []);
  }

  /** The refresh token of an identity; null when the source gave none. */
  refreshTokenOf({ sealedRefreshToken, uid }: IdentityRow): string | null {
    return sealedRefreshToken && this.#keys.open(sealedRefreshToken, placeOf(uid)).toString('utf8');
  }

  /** False when the source was removed or disabled meanwhile. */
  async #takeIn(
    { id, uid, userId }: IdentityRow,
    source: AnySource,
    proof: ExternalProof,
    origin: RequestOrigin,
  ): Promise<boolean> {
    // First the new refresh token: the former one may be dead already.
    if (!(await this.#store.confirm(id, this.#valuesOf(source, proof, uid), true))) return false;
    if (!(await this.#external.admit(userId, factsOf(proof, ''), origin, this.#holding(source)))) return false;
    await this.#setGroups(userId, source, proof);
    return true;
  }

  /**
   * Makes the account of an identity that has none. Throws BAD_REQUEST for a name that cannot be one, CONFLICT for a taken one
   * and for an identity that has an account, DENIED when the source was removed or disabled meanwhile.
   */
  async onboard(source: AnySource, proof: ExternalProof, username: string, origin: RequestOrigin): Promise<number> {
    requireIdentity(proof);
    const name = accountName(username);
    if (name === null)
      throw new AppError('BAD_REQUEST', 'username: choose one without , " ~ # % $ and control characters.');
    const uid = randomUUID();
    const { issuer, subject } = proof;
    const id = await this.#external.create(name, factsOf(proof, name), origin, async (transaction, userId) => {
      if (!(await this.#store.holdSource(transaction, source.id))) throw sourceGone(source);
      await this.#store.link(transaction, { userId, uid, issuer, subject, ...this.#valuesOf(source, proof, uid) });
    });
    await this.#setGroups(id, source, proof);
    return id;
  }

  async #setGroups(userId: number, source: AnySource, { groups }: ExternalProof): Promise<void> {
    if (groups !== null) await this.#groups.replaceMemberships(userId, source, groups, this.#holding(source));
  }

  #holding(source: AnySource): Requirement {
    return (transaction) => this.#store.holdSource(transaction, source.id);
  }

  #valuesOf(
    source: AnySource,
    proof: ExternalProof,
    uid: string,
  ): { sourceId: number; profile: object; at: Date; sealedRefreshToken?: Buffer | null } {
    const { username, email, realname, groups, isAdmin, refreshToken } = proof;
    return {
      sourceId: source.id,
      profile: { username, email, realname, groups: groups && groups.length, isAdmin },
      at: this.#clock.now(),
      ...(refreshToken === undefined
        ? {}
        : {
            sealedRefreshToken: refreshToken === null ? null : this.#keys.seal(Buffer.from(refreshToken), placeOf(uid)),
          }),
    };
  }
}

/** Where a change comes from that nobody asked for. */
const NOBODY: RequestOrigin = { requestId: '', address: '', userAgent: '' };

function placeOf(uid: string): { table: string; column: string; uid: string } {
  return { table: 'user_identities', column: 'sealed_refresh_token', uid };
}

function factsOf(proof: ExternalProof, fallbackName: string): ExternalFacts {
  return { ...accountProfile(proof, fallbackName), isSysadmin: proof.isAdmin };
}

function sourceGone(source: AnySource): AppError {
  return new AppError('DENIED', `Nobody can sign in through ${source.name} now; choose another way to sign in.`);
}

function requireIdentity(proof: ExternalProof): void {
  const refusal = refuseIdentity(proof);
  if (refusal !== null) throw new AppError('DENIED', `${refusal} Ask the administrator of the identity source.`);
}
