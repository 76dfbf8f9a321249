import { Injectable } from '@nestjs/common';
import type { FederatedPrincipal, RobotPrincipal, SubjectKind, SubjectRef, UserPrincipal } from '../http/index.ts';
import type { FactorFacts } from '../second-factor/index.ts';
import { RobotIdentityService } from '../robot/index.ts';
import { type UserRow, UserService } from '../user/index.ts';

/** Somebody who may act now, and the version of his credentials. */
export interface Identity {
  readonly principal: UserPrincipal | RobotPrincipal | FederatedPrincipal;
  /** What to look up to see whether this still holds; the principal himself when absent. */
  readonly subject?: SubjectRef;
  readonly credentialVersion: number;
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
  #confirmation: Confirmation = async () => false;

  constructor(users: UserService, robots: RobotIdentityService) {
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

/** A user account as an identity. */
export function userIdentity(user: UserRow): Identity {
  const isSysadmin = user.isSysadmin || user.isSysadminBySource;
  return {
    principal: { kind: 'user', id: user.id, username: user.username, isSysadmin },
    credentialVersion: user.credentialVersion,
    mustChangePassword: user.mustChangePassword,
    hasResetPassword: user.hasResetPassword,
    factors: { isSysadmin, hasPassword: user.hasPassword, hasSecondFactor: user.hasSecondFactor },
  };
}
