import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { type Caller, originOf, type RequestOrigin } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { auditedUser, type UserRow } from './user.rules.ts';
import { type AlsoInCreation, type Requirement, UserStore } from './user.store.ts';

/** What an identity source says of the owner of an account. Empty texts say nothing. */
export interface ExternalFacts {
  readonly email: string;
  readonly realname: string;
  readonly isSysadmin: boolean;
}

/** Accounts whose owners sign in through an identity source. They have no password here. */
@Injectable()
export class ExternalUserService {
  readonly #store: UserStore;

  constructor(store: UserStore) {
    this.#store = store;
  }

  /**
   * Creates an account; `also` runs in the same transaction. An address somebody else has is left out: it links nothing
   * (S29). Throws CONFLICT for a taken name.
   */
  async create(username: string, facts: ExternalFacts, origin: RequestOrigin, also: AlsoInCreation): Promise<number> {
    const email = facts.email !== '' && (await this.#store.isTaken('email', facts.email)) ? '' : facts.email;
    const { realname } = facts;
    const id = await this.#store.create(
      { username, email, realname, comment: '', passwordHash: null },
      (userId) => {
        const audit = auditEntry(ownerAs(userId, username, origin), {
          resourceType: 'user',
          resource: username,
          operation: 'create',
          after: { username, email, realname },
          status: 201,
        });
        return { name: 'user.created', projectId: null, data: { userId, username }, audit };
      },
      also,
    );
    if (facts.isSysadmin) await this.refresh(id, facts, origin);
    return id;
  }

  /**
   * Takes the owner in who signs in: writes what the source says now, and ends a lapse. A change of rank ends sessions and
   * tokens (S38). False when there is no such account, or `requires` does not hold.
   */
  admit(id: number, facts: ExternalFacts, origin: RequestOrigin, requires: Requirement): Promise<boolean> {
    return this.#writeTolerantly(id, facts, origin, requires);
  }

  /** Writes what the source says of an account nobody signs in to. A lapsed one stays as it is: false, as without account. */
  refresh(id: number, facts: ExternalFacts, origin: RequestOrigin): Promise<boolean> {
    return this.#writeTolerantly(id, facts, origin, null);
  }

  /** Ends everything an account can do, until its owner signs in at the source again. */
  async lapse(id: number, reason: string, at: Date): Promise<void> {
    await this.#store.change(id, (current) => {
      if (current.lapsedAt !== null) return null;
      return {
        values: { lapsedAt: at, isSysadminBySource: false },
        endsCredentials: true,
        event: lapseEvent(current, reason),
      };
    });
  }

  /** An address somebody else has meanwhile is left out. */
  async #writeTolerantly(
    id: number,
    facts: ExternalFacts,
    origin: RequestOrigin,
    requires: Requirement | null,
  ): Promise<boolean> {
    try {
      return await this.#write(id, facts, origin, requires);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'CONFLICT')) throw error;
      return this.#write(id, { ...facts, email: '' }, origin, requires);
    }
  }

  /** Looks first without a lock: most sign-ins bring nothing new, and changes of accounts wait for each other. */
  async #write(
    id: number,
    facts: ExternalFacts,
    origin: RequestOrigin,
    requires: Requirement | null,
  ): Promise<boolean> {
    const isClosed = (row: UserRow): boolean => requires === null && row.lapsedAt !== null;
    const present = await this.#store.find(id);
    if (present === null || isClosed(present)) return false;
    if (brings(present, facts) === null) return true;
    let isTaken = true;
    const isDone = await this.#store.change(
      id,
      (current) => {
        isTaken = !isClosed(current);
        const values = isTaken ? brings(current, facts) : null;
        if (values === null) return null;
        return {
          values,
          endsCredentials: current.isSysadminBySource !== values.isSysadminBySource,
          event: factsEvent(current, { ...current, ...values }, origin),
        };
      },
      requires ?? undefined,
    );
    return isDone && isTaken;
  }
}

/** What an account becomes by what its source says; null when that is what it is. */
function brings(current: UserRow, facts: ExternalFacts) {
  const values = {
    email: facts.email === '' ? current.email : facts.email,
    realname: facts.realname === '' ? current.realname : facts.realname,
    isSysadminBySource: facts.isSysadmin,
    lapsedAt: null,
  };
  const isSame =
    current.isSysadminBySource === values.isSysadminBySource &&
    current.lapsedAt === null &&
    current.email === values.email &&
    current.realname === values.realname;
  return isSame ? null : values;
}

function ownerAs(id: number, username: string, origin: RequestOrigin): Caller {
  return {
    principal: { kind: 'user', id, username, isSysadmin: false },
    credential: 'identity-source',
    ...originOf(origin),
  };
}

function factsEvent(before: UserRow, after: UserRow, origin: RequestOrigin): DomainEvent {
  return {
    name: 'user.updated',
    projectId: null,
    data: { userId: before.id, username: before.username },
    audit: auditEntry(ownerAs(before.id, before.username, origin), {
      resourceType: 'user',
      resource: before.username,
      operation: 'update',
      description: 'taken over from the identity source',
      before: sourcedUser(before),
      after: sourcedUser(after),
    }),
  };
}

function lapseEvent(user: UserRow, reason: string): DomainEvent {
  const origin = { requestId: '', address: '', userAgent: '' };
  return {
    name: 'user.lapsed',
    projectId: null,
    data: { userId: user.id, username: user.username },
    audit: auditEntry(ownerAs(user.id, user.username, origin), {
      resourceType: 'user',
      resource: user.username,
      operation: 'lapse',
      description: `the identity source no longer vouches for the account: ${reason}`.slice(0, 1024),
    }),
  };
}

function sourcedUser(row: UserRow): object {
  return { ...auditedUser(row), admin_role_in_auth: row.isSysadminBySource, lapsed: row.lapsedAt !== null };
}
