import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { FederatedPrincipal, RobotPrincipal, SubjectKind, SubjectRef, UserPrincipal } from '../http/index.ts';
import type { FactorFacts } from '../second-factor/index.ts';
import { RobotIdentityService } from '../robot/index.ts';
import { type UserRow, UserService } from '../user/index.ts';
import { isVouchedFor } from './confirmation.rules.ts';

/** Somebody who may act now, and the version of his credentials. */
export interface Identity {
  readonly principal: UserPrincipal | RobotPrincipal | FederatedPrincipal;
  /** What to look up to see whether this still holds; the principal himself when absent. */
  readonly subject?: SubjectRef;
  readonly credentialVersion: number;
  /** When the identity source these credentials hang on last vouched for their owner; null or absent when they hang on none. */
  readonly vouchedAt?: Date | null;
  /** Whether the password was chosen by somebody else. */
  readonly mustChangePassword?: boolean;
  /** Whether it was set by somebody else since, and not when the account was made. */
  readonly hasResetPassword?: boolean;
  /** Users only: what decides whether a second factor stands beside the password. */
  readonly factors?: FactorFacts;
}

/** Who of these may act now, by id. Deleted, disabled and expired ones are left out. Constant number of statements. */
export type IdentityFinder = (ids: readonly number[]) => Promise<ReadonlyMap<number, Identity>>;

/**
 * Brings what an identity source says of a user up to date, unless that is younger than `maxAgeMs`. True when the account
 * may look different now. Never throws.
 */
export type Confirmation = (userId: number, maxAgeMs: number) => Promise<boolean>;

/** Who stands behind an id now. Deleted, disabled and expired ones are nobody. */
@Injectable()
export class IdentityService {
  readonly #finders = new Map<SubjectKind, IdentityFinder>();
  readonly #clock: Clock;
  #confirmation: Confirmation = async () => false;

  constructor(users: UserService, robots: RobotIdentityService, clock: Clock) {
    this.#clock = clock;
    this.#finders.set('robot', (ids) => robots.findActive(ids));
    this.#finders.set('user', async (ids) => {
      const found = await users.findActive(ids);
      return new Map([...found].map(([id, user]) => [id, userIdentity(user)]));
    });
  }

  /** Tells how identities of a further kind are found. Each kind has one finder. */
  register(kind: SubjectKind, finder: IdentityFinder): void {
    if (this.#finders.has(kind)) throw new Error(`identities of kind ${kind} have a finder already`);
    this.#finders.set(kind, finder);
  }

  /** Tells how users of identity sources are brought up to date. */
  confirmWith(confirmation: Confirmation): void {
    this.#confirmation = confirmation;
  }

  /** As {@link Confirmation}; false at once for local accounts. */
  confirm(userId: number, maxAgeMs: number): Promise<boolean> {
    return this.#confirmation(userId, maxAgeMs);
  }

  /**
   * Whether credentials that are no session may still be used: false when the source has not vouched for their owner for an
   * hour, because it cannot be asked or does not answer (S33). A sign-in there, or its answer, ends that.
   */
  isVouchedFor({ vouchedAt }: Pick<Identity, 'vouchedAt'>): boolean {
    return isVouchedFor(vouchedAt, this.#clock.now());
  }

  /** Throws UNAUTHORIZED when {@link IdentityService.isVouchedFor} is false. */
  requireVouched(identity: Pick<Identity, 'vouchedAt'>): void {
    if (this.isVouchedFor(identity)) return;
    throw new AppError(
      'UNAUTHORIZED',
      'Your identity provider has not confirmed your account for an hour: sign in again at your identity provider, through the portal; what you sent here works again then.',
    );
  }

  /** One statement a kind. */
  async findActive(kind: SubjectKind, ids: readonly number[]): Promise<ReadonlyMap<number, Identity>> {
    const finder = this.#finders.get(kind);
    return finder && ids.length > 0 ? finder(ids) : new Map<number, Identity>();
  }

  async find(kind: SubjectKind, id: number): Promise<Identity | null> {
    return (await this.findActive(kind, [id])).get(id) ?? null;
  }
}

/** What stands for an identity in tokens and remembered proofs. */
export function subjectOf({ principal, subject }: Pick<Identity, 'principal' | 'subject'>): SubjectRef {
  return subject ?? { kind: principal.kind, id: principal.id };
}

/** A user account as an identity. Whoever has a password here too does not hang on the source. */
export function userIdentity(user: UserRow): Identity {
  const isSysadmin = user.isSysadmin || user.isSysadminBySource;
  return {
    principal: { kind: 'user', id: user.id, username: user.username, isSysadmin },
    credentialVersion: user.credentialVersion,
    vouchedAt: user.hasPassword ? null : user.vouchedAt,
    mustChangePassword: user.mustChangePassword,
    hasResetPassword: user.hasResetPassword,
    factors: { isSysadmin, hasPassword: user.hasPassword, hasSecondFactor: user.hasSecondFactor },
  };
}
