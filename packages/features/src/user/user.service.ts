import type { Secret } from '@moorage/config';
import { AppError, type BodyOf, type createUser, type updateUserProfile, type User } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { type Caller, type ListRequest, Page } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { isGuessablePassword, PasswordHasher } from '../password/index.ts';
import { generateSecret } from '../secret/index.ts';
import { firstAdminEvent } from './user.events.ts';
import {
  auditedUser,
  FIRST_ADMIN_NAME,
  identityAnswer,
  isActive,
  isAdministrator,
  nameOfDeleted,
  refuseDelete,
  type UserRow,
  userAnswer,
} from './user.rules.ts';
import { type UserChange, UserStore } from './user.store.ts';

/** User accounts of the local database. */
@Injectable()
export class UserService {
  readonly #store: UserStore;
  readonly #hasher: PasswordHasher;

  constructor(store: UserStore, hasher: PasswordHasher) {
    this.#store = store;
    this.#hasher = hasher;
  }

  /**
   * Creates the first administrator when the database holds no user yet. Returns what to tell the operator once: the
   * password, when it is a random one; null when nobody was created.
   */
  async ensureFirstAdmin(configured: Secret | undefined): Promise<{ username: string; password?: string } | null> {
    if (await this.#store.hasUsers()) return null;
    const password = configured?.reveal() ?? generateSecret('password');
    const created = await this.#store.createFirstAdmin(
      {
        username: FIRST_ADMIN_NAME,
        email: 'admin@example.com',
        realname: 'system admin',
        comment: 'first administrator',
        passwordHash: await this.#hasher.hash(password),
      },
      configured === undefined,
      firstAdminEvent(),
    );
    if (!created) return null;
    return { username: FIRST_ADMIN_NAME, ...(configured === undefined ? { password } : {}) };
  }

  /** Throws NOT_FOUND. */
  async get(id: number): Promise<User> {
    const row = await this.#store.find(id);
    if (!row) throw notFound(id);
    const identity = await this.#store.findIdentity(id);
    return { ...userAnswer(row), ...(identity ? { oidc_user_meta: identityAnswer(id, identity) } : {}) };
  }

  async list(request: ListRequest): Promise<Page<User>> {
    const { rows, total } = await this.#store.list(request);
    return new Page(rows.map(userAnswer), total);
  }

  /** Members are picked by whole name; only who may list all users may search by a part of it (S4). */
  async search(
    name: string,
    fuzzy: boolean,
    request: ListRequest,
  ): Promise<Page<{ user_id: number; username: string }>> {
    const { rows, total } = await this.#store.search(name, fuzzy, request);
    return new Page(
      rows.map((row) => ({ user_id: row.id, username: row.username })),
      total,
    );
  }

  isTaken(target: 'username' | 'email', value: string): Promise<boolean> {
    return this.#store.isTaken(target, value);
  }

  /** Creates an ordinary user; returns the id. Throws CONFLICT. */
  async create(caller: Caller, body: BodyOf<typeof createUser>): Promise<number> {
    const { username, email, realname, comment = '' } = body;
    await requireGood('password', body.password, [username, email, realname]);
    const passwordHash = await this.#hasher.hash(body.password);
    return this.#store.create({ username, email, realname, comment, passwordHash }, (id) =>
      userEvent(
        'user.created',
        caller,
        { id, username },
        { operation: 'create', after: { username, email, realname, comment }, status: 201 },
      ),
    );
  }

  /** Changes the fields given; absent ones stay. Throws NOT_FOUND, CONFLICT, FORBIDDEN. */
  async updateProfile(caller: Caller, id: number, profile: BodyOf<typeof updateUserProfile>): Promise<void> {
    const isOwn = caller.principal.kind === 'user' && caller.principal.id === id;
    if (profile.sysadmin_flag !== undefined) refuseOwnRank(caller);
    await this.#change(id, (current) => {
      // The address is what some identity sources join an account by.
      if (!isOwn && isAdministrator(current)) requireAdministrator(caller, 'change a system administrator');
      const values = {
        email: profile.email ?? current.email,
        realname: profile.realname ?? current.realname,
        comment: profile.comment ?? current.comment,
      };
      return {
        values,
        endsCredentials: false,
        event: changeEvent('user.updated', caller, current, { ...current, ...values }),
      };
    });
  }

  /** Gives or takes system administration; ends the user's sessions and tokens. Throws NOT_FOUND, FORBIDDEN. */
  async setSysadmin(caller: Caller, id: number, isSysadmin: boolean): Promise<void> {
    requireAdministrator(caller, 'make someone a system administrator');
    await this.#change(id, (current, _hash, otherSysadmins) => {
      if (current.isSysadmin === isSysadmin) return null;
      if (!isSysadmin && otherSysadmins === 0) {
        throw new AppError('FORBIDDEN', 'This is the last system administrator; make another user one first.');
      }
      return {
        values: { isSysadmin },
        endsCredentials: true,
        event: changeEvent('user.updated', caller, current, { ...current, isSysadmin }),
      };
    });
  }

  /** Deletes an account; its name and address become free. Throws NOT_FOUND, FORBIDDEN. */
  async delete(caller: Caller, id: number, now: Date): Promise<void> {
    const { principal } = caller;
    const refusal = refuseDelete(id, principal.kind === 'user' ? principal.id : null);
    if (refusal !== null) throw new AppError('FORBIDDEN', refusal);
    await this.#change(id, (current) => {
      if (isAdministrator(current)) requireAdministrator(caller, 'delete a system administrator');
      return {
        values: { ...nameOfDeleted(current), deletedAt: now },
        endsCredentials: true,
        event: userEvent('user.deleted', caller, current, { operation: 'delete', before: auditedUser(current) }),
      };
    });
  }

  /**
   * Sets the password of another user, who must choose his own at the next sign-in; ends his sessions and tokens,
   * personal ones too.
   * Throws NOT_FOUND, BAD_REQUEST, FORBIDDEN.
   */
  async resetPassword(caller: Caller, id: number, newPassword: string, now: Date): Promise<void> {
    const user = await this.#store.find(id);
    if (!user) throw notFound(id);
    await requireGood('new_password', newPassword, [user.username, user.email, user.realname]);
    const passwordHash = await this.#hasher.hash(newPassword);
    await this.#change(id, (current) => {
      if (isAdministrator(current)) requireAdministrator(caller, "set a system administrator's password");
      return {
        values: { passwordHash, mustChangePassword: true, credentialsResetAt: now },
        endsCredentials: true,
        event: changeEvent(
          'user.password-changed',
          caller,
          current,
          { ...current, mustChangePassword: true },
          'change password',
        ),
      };
    });
  }

  /**
   * Changes one's own password; ends every session and token. Throws FORBIDDEN for a wrong old password, BAD_REQUEST when
   * the new one is the old one.
   */
  async changeOwnPassword(caller: Caller, id: number, oldPassword: string, newPassword: string): Promise<void> {
    const user = await this.#store.find(id);
    const credential = user && (await this.#store.findCredential(user.username));
    if (!credential) throw notFound(id);
    if ((await this.#hasher.verify(oldPassword, credential.passwordHash)) === 'mismatch') {
      throw new AppError('FORBIDDEN', 'old_password: is not the present password.');
    }
    if (oldPassword === newPassword) {
      throw new AppError('BAD_REQUEST', 'new_password: must differ from the old one.');
    }
    await requireGood('new_password', newPassword, [user.username, user.email, user.realname]);
    const passwordHash = await this.#hasher.hash(newPassword);
    await this.#change(id, (current, hash) => {
      if (hash !== credential.passwordHash) {
        throw new AppError('CONFLICT', 'The password was changed by someone else meanwhile; sign in again.');
      }
      return {
        values: { passwordHash, mustChangePassword: false },
        endsCredentials: true,
        event: changeEvent(
          'user.password-changed',
          caller,
          current,
          { ...current, mustChangePassword: false },
          'change password',
        ),
      };
    });
  }

  /**
   * The user a login name and password belong to; null for a wrong name, a wrong password and a disabled account alike,
   * after the same work (S4). Renews outdated hashes.
   */
  async verify(login: string, password: string): Promise<UserRow | null> {
    const credential = await this.#store.findCredential(login);
    const hash = credential?.passwordHash ?? null;
    const verdict = await this.#hasher.verify(password, hash);
    if (!credential || verdict === 'mismatch' || !isActive(credential.user)) return null;
    if (verdict === 'outdated' && hash !== null) {
      await this.#store.rehash(credential.user.id, hash, await this.#hasher.hash(password));
    }
    return credential.user;
  }

  /** A live, enabled account by its whole name. */
  async findByName(username: string): Promise<UserRow | null> {
    const credential = await this.#store.findCredential(username);
    const user = credential?.user;
    return user && isActive(user) && user.username.toLowerCase() === username.toLowerCase() ? user : null;
  }

  /** A live account, disabled or not. */
  find(id: number): Promise<UserRow | null> {
    return this.#store.find(id);
  }

  /** Live, enabled accounts by id; one statement. */
  async findActive(ids: readonly number[]): Promise<ReadonlyMap<number, UserRow>> {
    const users = await this.#store.findMany(ids);
    return new Map([...users].filter(([, user]) => isActive(user)));
  }

  /** Whether there is anybody but the first administrator. */
  async hasOthers(): Promise<boolean> {
    return this.#store.hasOthers();
  }

  noteLogin(id: number, at: Date): Promise<void> {
    return this.#store.noteLogin(id, at);
  }

  async #change(
    id: number,
    decide: (current: UserRow, hash: string | null, otherSysadmins: number) => UserChange | null,
  ): Promise<void> {
    if (!(await this.#store.change(id, decide))) throw notFound(id);
  }
}

function changeEvent(name: string, caller: Caller, before: UserRow, after: UserRow, operation = 'update'): DomainEvent {
  return userEvent(name, caller, before, { operation, before: auditedUser(before), after: auditedUser(after) });
}

function userEvent(
  name: string,
  caller: Caller,
  user: { readonly id: number; readonly username: string },
  change: { operation: string; before?: object; after?: object; status?: number },
): DomainEvent {
  return {
    name,
    projectId: null,
    data: { userId: user.id, username: user.username },
    audit: auditEntry(caller, { resourceType: 'user', resource: user.username, ...change }),
  };
}

/** Robots may hold user permissions, but none of them leads to the rights of an administrator (S49). */
function requireAdministrator(caller: Caller, what: string): void {
  const { principal } = caller;
  if (principal.kind !== 'user' || !principal.isSysadmin) {
    throw new AppError('FORBIDDEN', `Only a system administrator may ${what}.`);
  }
}

/** Terraform sends the flag with the profile and sets it afterwards; whoever may not set it is told so (S2). */
function refuseOwnRank({ principal }: Caller): void {
  if (principal.kind === 'user' && principal.isSysadmin) return;
  throw new AppError('UNPROCESSABLE_ENTITY', 'body.sysadmin_flag: is no part of a profile; leave it out.');
}

/** Half a surrogate pair has no UTF-8 form: two such passwords would be the same bytes (S6). */
async function requireGood(field: string, password: string, names: readonly string[]): Promise<void> {
  if (!password.isWellFormed()) throw new AppError('BAD_REQUEST', `${field}: is not well-formed text.`);
  if (await isGuessablePassword(password, names)) {
    throw new AppError('BAD_REQUEST', `${field}: is among the first that are guessed; choose a longer or rarer one.`);
  }
}

function notFound(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no user with the id ${id}.`);
}
