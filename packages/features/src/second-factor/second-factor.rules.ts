import type { Settings } from '@moorage/contracts';
import { auditEntry } from '../audit/index.ts';
import type { Caller } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';

/** What a sign-in with a password of ours needs beside it. `enrol`: a second factor must be set up first. */
export type FactorDemand = 'none' | 'verify' | 'enrol';

/** What the demand depends on. */
export interface FactorFacts {
  readonly isSysadmin: boolean;
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
}

/** Whether the settings ask this user for a second factor. Users of identity providers have theirs there. */
export function isFactorRequired(user: FactorFacts, setting: Settings['second_factor_required']): boolean {
  return user.hasPassword && (setting === 'everyone' || (setting === 'administrators' && user.isSysadmin));
}

export function factorDemand(user: FactorFacts, setting: Settings['second_factor_required']): FactorDemand {
  if (user.hasSecondFactor) return 'verify';
  return isFactorRequired(user, setting) ? 'enrol' : 'none';
}

/** Who asks for passkeys, and from which page. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** The relying party at our address; null where browsers offer no passkeys: at a bare IP address. */
export function relyingPartyAt(url: string): RelyingParty | null {
  const { hostname, origin } = new URL(url);
  // The URL parser writes IPv4 addresses as four numbers, and IPv6 ones in brackets.
  const isAddress = hostname.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname);
  return isAddress ? null : { id: hostname, origin };
}

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** 10 letters of 32 carry 50 bits: with the limit on attempts nobody guesses one. */
const LETTERS = 10;
export const RECOVERY_CODES = 10;

/** A recovery code of random bytes, in two groups of five letters without those that look alike. */
export function recoveryCodeOf(bytes: Buffer): string {
  const letters = [...bytes.subarray(0, LETTERS)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return `${letters.slice(0, LETTERS / 2)}-${letters.slice(LETTERS / 2)}`;
}

/** A typed recovery code as it was made: without spaces and hyphens, in capitals. */
export function normalRecoveryCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toUpperCase();
}

const SECURE_COOKIE = '__Host-second-factor';
/** Over plain http browsers refuse `__Host-` and `Secure`. */
const PLAIN_COOKIE = 'moorage-dev-second-factor';
/** A sign-in must be finished within this time. */
export const PENDING_SECONDS = 5 * 60;
/** Tries at a second factor in one sign-in. */
export const PENDING_ATTEMPTS = 5;

export function pendingCookieName(isHttps: boolean): string {
  return isHttps ? SECURE_COOKIE : PLAIN_COOKIE;
}

/** The Set-Cookie value of a sign-in under way; with an empty value it takes the cookie away. */
export function pendingCookie(value: string, isHttps: boolean): string {
  const age = value === '' ? 0 : PENDING_SECONDS;
  return `${pendingCookieName(isHttps)}=${value}; Path=/; HttpOnly; ${isHttps ? 'Secure; ' : ''}SameSite=Strict; Max-Age=${age}`;
}

/** Tells of a change of a user's second factors. */
export function factorEvent(
  name: 'second-factor.added' | 'second-factor.removed' | 'second-factor.reset' | 'second-factor.codes-made',
  caller: Caller,
  user: { readonly id: number; readonly username: string },
  details: object = {},
): DomainEvent {
  const operation = { added: 'create', removed: 'delete', reset: 'reset', 'codes-made': 'create recovery codes' }[
    name.slice('second-factor.'.length) as 'added' | 'removed' | 'reset' | 'codes-made'
  ];
  return {
    name,
    projectId: null,
    data: { userId: user.id, username: user.username },
    audit: auditEntry(caller, {
      resourceType: 'second-factor',
      resource: user.username,
      operation,
      description: `${operation} second factor of ${user.username}`,
      after: details,
    }),
  };
}
