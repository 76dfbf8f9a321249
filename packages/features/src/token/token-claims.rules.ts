import type { SubjectKind, SubjectRef } from '../http/index.ts';
import { REPOSITORY_ACTIONS, type RepositoryAction } from './token-scope.rules.ts';

export const ISSUER = 'moorage-token-issuer';
/** The services tokens are issued for; nothing a client sends becomes an audience (S16). */
export const SERVICES = ['harbor-registry'] as const;
/** Fixed type of registry tokens: no other token of the product has it, and none of this type is taken elsewhere. */
export const TOKEN_TYPE = 'registry+jwt';
/** Clocks of processes may differ by this much. */
const LEEWAY_SECONDS = 60;
/** Clients take shorter lives for a minute (K6). */
export const MIN_LIFE_SECONDS = 60;
const MAX_ACCESS_ENTRIES = 64;
const SUBJECT_KINDS: readonly SubjectKind[] = ['user', 'robot', 'personal-token', 'cli-secret', 'federated'];

/** Whom a token speaks for; `version` is the credential version it was issued under. */
export type Subject = { readonly kind: 'anonymous' } | (SubjectRef & { readonly version: number });

/**
 * What a token allows on one repository, of the project with that id and no later one of the same name (S20). Without
 * actions, and then of project 0, it tells that they were asked for and refused.
 */
export interface RepositoryGrant {
  readonly projectId: number;
  readonly actions: ReadonlySet<RepositoryAction>;
}

/** A registry token whose signature and claims hold. Whether its subject still may do this is another question. */
export interface RegistryToken {
  readonly subject: Subject;
  readonly username: string;
  readonly repositories: ReadonlyMap<string, RepositoryGrant>;
  readonly catalog: boolean;
  /** Milliseconds since 1970, as {@link RegistryToken.expiresAt}: rights read before then may not know what the issuer knew. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** From issue to end. Whoever reads the token compares it with what is allowed now: {@link longestLife}. */
  readonly lifeSeconds: number;
}

/** How long tokens may live, issued whenever, under the setting `token_expiration`. */
export function longestLife(minutes: number): number {
  return Math.max(MIN_LIFE_SECONDS, minutes * 60);
}

/** One entry of the access claim. `pid` stands only beside actions, so that a refusal tells nothing of the project. */
export interface AccessEntry {
  readonly type: 'repository' | 'registry';
  readonly name: string;
  readonly actions: readonly string[];
  readonly pid?: number;
}

export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** Seconds since 1970, as `nbf` and `iat`. */
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly jti: string;
  readonly access: readonly AccessEntry[];
  /** Kind, id and credential version of the subject; milliseconds of issue. */
  readonly idn: {
    readonly k: SubjectKind | 'anonymous';
    readonly i?: number;
    readonly v?: number;
    readonly t: number;
  };
}

/** Reads the claims of a token with a good signature; null unless every one is exactly as the issuer writes it (S25). */
export function readClaims(value: unknown, now: Date): RegistryToken | null {
  if (!isRecord(value)) return null;
  const { iss, aud, sub, exp, nbf, iat, jti } = value;
  const seconds = now.getTime() / 1000;
  if (iss !== ISSUER || !SERVICES.some((service) => service === aud)) return null;
  if (typeof sub !== 'string' || typeof jti !== 'string' || jti === '') return null;
  if (!isTime(exp) || !isTime(nbf) || !isTime(iat)) return null;
  if (exp <= seconds || exp <= iat || nbf !== iat || iat > seconds + LEEWAY_SECONDS) return null;
  const identity = readIdentity(value.idn);
  const access = readAccess(value.access);
  if (!identity || !access || Math.floor(identity.issuedAt / 1000) !== iat) return null;
  return { ...identity, username: sub, ...access, expiresAt: exp * 1000, lifeSeconds: exp - iat };
}

function readIdentity(value: unknown): Pick<RegistryToken, 'subject' | 'issuedAt'> | null {
  if (!isRecord(value)) return null;
  const { k, i, v, t } = value;
  if (!isTime(t)) return null;
  if (k === 'anonymous') return { subject: { kind: k }, issuedAt: t };
  const kind = SUBJECT_KINDS.find((candidate) => candidate === k);
  if (!kind || !isId(i) || !isId(v)) return null;
  return { subject: { kind, id: i, version: v }, issuedAt: t };
}

function readAccess(value: unknown): Pick<RegistryToken, 'repositories' | 'catalog'> | null {
  if (!Array.isArray(value) || value.length > MAX_ACCESS_ENTRIES) return null;
  const repositories = new Map<string, RepositoryGrant>();
  let catalog = false;
  for (const entry of value as unknown[]) {
    if (!isRecord(entry)) return null;
    const { type, name, actions, pid } = entry;
    if (typeof name !== 'string' || !Array.isArray(actions)) return null;
    if (type === 'registry') catalog ||= name === 'catalog' && actions.includes('*');
    else if (type !== 'repository') return null;
    else {
      const known = isId(pid) ? REPOSITORY_ACTIONS.filter((action) => actions.includes(action)) : [];
      repositories.set(name, { projectId: known.length > 0 ? Number(pid) : 0, actions: new Set(known) });
    }
  }
  return { repositories, catalog };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
