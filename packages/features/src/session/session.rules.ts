/** `last_seen_at` is written at most this often. */
export const SEEN_EVERY_SECONDS = 60;
const SECURE_COOKIE = '__Host-sid';
/** Over plain http browsers refuse `__Host-` and `Secure`; the other name tells the two apart. */
const PLAIN_COOKIE = 'moorage-dev-sid';
export const CSRF_HEADER = 'x-harbor-csrf-token';

const COOKIE_VALUE = /^[A-Za-z0-9_-]{43}$/;

/** The session cookie's value in a Cookie header; null when there is none, or one that no server here made. */
export function readSessionCookie(header: string | undefined, isHttps: boolean): string | null {
  return readCookie(header, isHttps ? SECURE_COOKIE : PLAIN_COOKIE);
}

/** A cookie's value of 256 random bits, as this server makes them; null when there is none. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    const value = part.slice(equals + 1).trim();
    return COOKIE_VALUE.test(value) ? value : null;
  }
  return null;
}

/** The Set-Cookie value that hands a session to the browser (S39). It ends with the browser; the server ends it earlier. */
export function sessionCookie(value: string, isHttps: boolean): string {
  return isHttps
    ? `${SECURE_COOKIE}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax`
    : `${PLAIN_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax`;
}

/** The Set-Cookie value that takes it away. */
export function clearedCookie(isHttps: boolean): string {
  return `${sessionCookie('', isHttps)}; Max-Age=0`;
}
