/** A permission list bound to a scope, as a robot holds it. */
export interface RobotGrant {
  readonly kind: 'system' | 'project';
  /** With kind `project`: the project, or null for every project. */
  readonly projectId: number | null;
  /** `resource:action` pairs. */
  readonly permissions: ReadonlySet<string>;
}

export interface UserPrincipal {
  readonly kind: 'user';
  readonly id: number;
  readonly username: string;
  /** False for a narrowed principal, whatever the user is: only the access room widens it again. */
  readonly isSysadmin: boolean;
  /** The user acts through a credential that may do only this, as far as he may do it himself. */
  readonly narrowed?: NarrowedRights;
}

/** What a restricted credential of a user leaves of his rights. */
export interface NarrowedRights {
  /** Whether the user himself is a system administrator. */
  readonly isSysadmin: boolean;
  readonly grants: readonly RobotGrant[];
}

export interface RobotPrincipal {
  readonly kind: 'robot';
  readonly id: number;
  /** Full login name with prefix, for example `robot$library+ci`. */
  readonly username: string;
  /** Null for a system robot. */
  readonly projectId: number | null;
  readonly grants: readonly RobotGrant[];
  /** Addresses and networks it may be used from; absent or empty: from everywhere. */
  readonly allowedAddresses?: readonly string[];
}

/** A job of another system, known by its claims and trusted by rules. */
export interface FederatedPrincipal {
  readonly kind: 'federated';
  /** Of the job's visit, not of a rule. */
  readonly id: number;
  /** `job$` and the subject the issuer gave it, for example `job$repo:acme/app:ref:refs/heads/main`. */
  readonly username: string;
  readonly grants: readonly RobotGrant[];
  /** Longest life of what is issued to it. */
  readonly tokenSeconds: number;
}

export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

/** Who is asking. Rights are never in here: the access room decides them. */
export type Principal = UserPrincipal | RobotPrincipal | FederatedPrincipal | AnonymousPrincipal;

export const ANONYMOUS: AnonymousPrincipal = { kind: 'anonymous' };

/** What an identity hangs on: an account, or a credential that can end by itself. */
export type SubjectKind = 'user' | 'robot' | 'personal-token' | 'cli-secret' | 'federated';

/** What to look up to see whether an identity still holds. */
export interface SubjectRef {
  readonly kind: SubjectKind;
  readonly id: number;
}

export type CredentialKind =
  | 'none'
  | 'password'
  | 'robot-secret'
  | 'personal-token'
  | 'cli-secret'
  | 'federated'
  | 'second-factor'
  | 'session'
  | 'registry-token'
  | 'refresh-token'
  | 'identity-source'
  | 'source-password'
  | 'source-token'
  | 'internal';

/** One request's identity and origin, as audit and access see it. */
export interface Caller {
  readonly principal: Principal;
  readonly credential: CredentialKind;
  /** Peer address, or the forwarded one when the peer is a trusted proxy. */
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Set when the identity hangs on something else than the principal himself. */
  readonly subject?: SubjectRef;
  /** Set with credential `session`. */
  readonly sessionId?: string;
  /** The principal's credential version when it was authenticated; what is issued to the caller ends with it. */
  readonly credentialVersion?: number;
  /** The user signed in with a password somebody else chose, and must choose his own before he does this. */
  readonly mustChangePassword?: 'before-changes' | 'before-credentials';
  /** The user signed in with a password alone where the settings ask for more, and must set up a second factor before anything else. */
  readonly mustEnrolFactor?: boolean;
}

/** Where a request comes from, before anyone knows who sent it. */
export interface RequestOrigin {
  readonly requestId: string;
  /** Peer address, or the forwarded one when the peer is a trusted proxy. */
  readonly address: string;
  readonly userAgent: string;
  /** A trusted proxy says that the client's own connection is TLS. */
  readonly isHttps?: boolean;
}

/** Only where a request comes from, also of a caller, whose identity must not slip into another one made of it. */
export function originOf({ requestId, address, userAgent }: RequestOrigin): RequestOrigin {
  return { requestId, address, userAgent };
}

/** The name shown in audit rows and `pushed_by`; `anonymous` for nobody. */
export function nameOf(principal: Principal): string {
  return principal.kind === 'anonymous' ? 'anonymous' : principal.username;
}

/** Stable identity across renames, for ownership of uploads and for limits. */
export function callerId(principal: Principal): string {
  return principal.kind === 'anonymous' ? 'anonymous' : `${principal.kind}:${principal.id}`;
}
