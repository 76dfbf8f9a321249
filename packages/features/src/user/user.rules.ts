import type { User } from '@moorage/contracts';

/** A user as stored, without the password. */
export interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly realname: string;
  readonly comment: string;
  readonly isSysadmin: boolean;
  /** Administrator by a group of the identity source, for as long as that says so. */
  readonly isSysadminBySource: boolean;
  readonly isDisabled: boolean;
  /** Since when the identity source no longer vouches for the account; null while it does, and for local accounts. */
  readonly lapsedAt: Date | null;
  /** When the identity source last vouched for the account; null for local accounts. */
  readonly vouchedAt: Date | null;
  readonly mustChangePassword: boolean;
  /** Somebody else set the password after the account was made, and its owner has not chosen his own since. */
  readonly hasResetPassword: boolean;
  /** Whether he signs in with a password of ours; others prove themselves to an identity provider. */
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  /** Raised by everything that must end tokens, sessions and cached credentials. */
  readonly credentialVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastLoginAt: Date | null;
}

/** The first administrator: always there, always local (AUTH-3, AUTH-12). */
export const FIRST_ADMIN_ID = 1;
export const FIRST_ADMIN_NAME = 'admin';

/** Who the owner of an account is at his identity source. */
export interface SourceIdentity {
  readonly id: number;
  readonly issuer: string;
  readonly subject: string;
  readonly hasCliSecret: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The identity of a user on the wire. */
export function identityAnswer(userId: number, identity: SourceIdentity): NonNullable<User['oidc_user_meta']> {
  return {
    id: identity.id,
    user_id: userId,
    subiss: identity.subject + identity.issuer,
    cli_secret_set: identity.hasCliSecret,
    creation_time: identity.createdAt.toISOString(),
    update_time: identity.updatedAt.toISOString(),
  };
}

/** A user on the wire. */
export function userAnswer(row: UserRow): User {
  return {
    user_id: row.id,
    username: row.username,
    email: row.email,
    realname: row.realname,
    comment: row.comment,
    sysadmin_flag: row.isSysadmin,
    admin_role_in_auth: row.isSysadminBySource,
    creation_time: row.createdAt.toISOString(),
    update_time: row.updatedAt.toISOString(),
    ...(row.lastLoginAt === null ? {} : { last_login_time: row.lastLoginAt.toISOString() }),
    must_change_password: row.mustChangePassword,
  };
}

/** What audit rows show of a user. */
export function auditedUser(row: UserRow): object {
  return {
    username: row.username,
    email: row.email,
    realname: row.realname,
    comment: row.comment,
    sysadmin_flag: row.isSysadmin,
    must_change_password: row.mustChangePassword,
  };
}

/** Whether an account may act now. */
export function isActive(row: Pick<UserRow, 'isDisabled' | 'lapsedAt'>): boolean {
  return !row.isDisabled && row.lapsedAt === null;
}

/** Whether somebody has the rights of a system administrator, given here or by his identity source. */
export function isAdministrator(row: Pick<UserRow, 'isSysadmin' | 'isSysadminBySource'>): boolean {
  return row.isSysadmin || row.isSysadminBySource;
}

/** Why a user may not be deleted; null when he may. */
export function refuseDelete(userId: number, callerUserId: number | null): string | null {
  if (userId === FIRST_ADMIN_ID) return 'The first administrator cannot be deleted.';
  return userId === callerUserId ? 'You cannot delete your own account; ask another administrator.' : null;
}

/** Name and address of a deleted user: free for others again, and still telling who it was (AUTH-13). */
export function nameOfDeleted(row: UserRow): { username: string; email: string } {
  const suffix = `#${row.id}`;
  return { username: row.username + suffix, email: row.email === '' ? '' : row.email + suffix };
}
