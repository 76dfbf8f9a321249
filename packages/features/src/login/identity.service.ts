import { Injectable } from '@nestjs/common';
import type { RobotPrincipal, UserPrincipal } from '../http/index.ts';
import { RobotIdentityService } from '../robot/index.ts';
import { type UserRow, UserService } from '../user/index.ts';

/** Somebody who may act now, and the version of his credentials. */
export interface Identity {
  readonly principal: UserPrincipal | RobotPrincipal;
  readonly credentialVersion: number;
  /** Whether the password was chosen by somebody else. */
  readonly mustChangePassword?: boolean;
}

/** Who stands behind an id now. Deleted, disabled and expired ones are nobody. */
@Injectable()
export class IdentityService {
  readonly #users: UserService;
  readonly #robots: RobotIdentityService;

  constructor(users: UserService, robots: RobotIdentityService) {
    this.#users = users;
    this.#robots = robots;
  }

  /** One statement for users, one for robots. */
  async findActive(kind: 'user' | 'robot', ids: readonly number[]): Promise<ReadonlyMap<number, Identity>> {
    if (kind === 'robot') return this.#robots.findActive(ids);
    const users = await this.#users.findActive(ids);
    return new Map([...users].map(([id, user]) => [id, userIdentity(user)]));
  }

  async find(kind: 'user' | 'robot', id: number): Promise<Identity | null> {
    return (await this.findActive(kind, [id])).get(id) ?? null;
  }
}

/** A user account as an identity. */
export function userIdentity(user: UserRow): Identity {
  return {
    principal: { kind: 'user', id: user.id, username: user.username, isSysadmin: user.isSysadmin },
    credentialVersion: user.credentialVersion,
    mustChangePassword: user.mustChangePassword,
  };
}
