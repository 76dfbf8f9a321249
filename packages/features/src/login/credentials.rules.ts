import { AppError, MAX_PASSWORD_BYTES } from '@moorage/contracts';
import type { Caller } from '../http/index.ts';

export interface BasicCredentials {
  readonly name: string;
  readonly secret: string;
}

/** What an Authorization header carries. */
export type Authorization =
  | { readonly scheme: 'basic'; readonly credentials: BasicCredentials }
  | { readonly scheme: 'bearer'; readonly token: string }
  | { readonly scheme: 'unknown' };

const MAX_NAME_BYTES = 1024;
/** Tokens of other issuers, sent as a password, are longer than passwords. */
const MAX_JWT_BYTES = 8 * 1024;
/** Longest Basic header that can hold a name and a secret within their limits. */
const MAX_BASIC_LENGTH = 2 * (MAX_JWT_BYTES + MAX_NAME_BYTES);
const JWT = /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads an Authorization header. Throws BAD_REQUEST for a secret above the limit: it is never cut (S6). */
export function parseAuthorization(header: string): Authorization {
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space < 0 ? header.length : space).toLowerCase();
  const value = space < 0 ? '' : header.slice(space + 1).trim();
  if (scheme === 'bearer' && value !== '') return { scheme, token: value };
  if (scheme !== 'basic') return { scheme: 'unknown' };
  const credentials = parseBasic(value);
  return credentials === null ? { scheme: 'unknown' } : { scheme, credentials };
}

function parseBasic(value: string): BasicCredentials | null {
  if (value.length > MAX_BASIC_LENGTH) throw tooLong();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return null;
  const text = decode(Buffer.from(value, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon < 0) return null;
  const secret = text.slice(colon + 1);
  requireBounded(secret);
  return { name: text.slice(0, colon), secret };
}

/** Throws BAD_REQUEST for a secret above the limit of its kind: it is never cut (S6). */
export function requireBounded(secret: string): void {
  const bytes = Buffer.byteLength(secret);
  if (bytes > MAX_PASSWORD_BYTES && (bytes > MAX_JWT_BYTES || !isJwt(secret))) throw tooLong();
}

/** Whether a secret has the look of a signed token (RFC 7519); says nothing about whether it is a good one. */
export function isJwt(secret: string): boolean {
  return JWT.test(secret);
}

/** Container clients get nothing for a password an administrator set: they would go on with it for ever (S12). Throws UNAUTHORIZED. */
export function refuseResetPassword({ mustChangePassword }: Pick<Caller, 'mustChangePassword'>): void {
  if (mustChangePassword !== 'before-changes') return;
  throw new AppError(
    'UNAUTHORIZED',
    'An administrator set your password: sign in to the portal and choose your own, then use that.',
  );
}

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function tooLong(): AppError {
  return new AppError('BAD_REQUEST', `The password must have at most ${MAX_PASSWORD_BYTES} bytes.`);
}
