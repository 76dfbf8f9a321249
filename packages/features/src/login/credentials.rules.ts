import { AppError, MAX_PASSWORD_BYTES } from '@moorage/contracts';

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
/** Longest Basic header that can hold a name and a password within their limits. */
const MAX_BASIC_LENGTH = 2 * (MAX_PASSWORD_BYTES + MAX_NAME_BYTES);
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
  if (Buffer.byteLength(secret) > MAX_PASSWORD_BYTES) throw tooLong();
  return { name: text.slice(0, colon), secret };
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
