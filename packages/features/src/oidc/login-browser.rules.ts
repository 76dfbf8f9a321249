/** Seconds a login may take, and a choice of a name after it. */
export const LOGIN_SECONDS = 10 * 60;
export const ONBOARDING_SECONDS = 15 * 60;

const SECURE_COOKIE = '__Host-login';
const PLAIN_COOKIE = 'moorage-dev-login';
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** The value that binds logins to a browser, from a Cookie header; null when there is none that a server here made. */
export function readLoginCookie(header: string | undefined, isHttps: boolean): string | null {
  const name = isHttps ? SECURE_COOKIE : PLAIN_COOKIE;
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    const value = part.slice(equals + 1).trim();
    return VALUE.test(value) ? value : null;
  }
  return null;
}

/** The Set-Cookie value that binds logins to a browser (S27, S39). Lax: providers send the browser back from their site. */
export function loginCookie(value: string, isHttps: boolean): string {
  const age = LOGIN_SECONDS + ONBOARDING_SECONDS;
  return isHttps
    ? `${SECURE_COOKIE}=${value}; Path=/; Max-Age=${age}; HttpOnly; Secure; SameSite=Lax`
    : `${PLAIN_COOKIE}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax`;
}

/**
 * The path of this server to go back to; the start page for everything that could lead elsewhere (S41): other hosts,
 * `//host`, backslashes, control characters, and addresses that are not pages.
 */
export function safeReturnPath(given: string | undefined): string {
  if (given === undefined || !given.startsWith('/') || /[\\\p{Cc}]/u.test(given)) return '/';
  const base = 'http://moorage.invalid';
  if (!URL.canParse(given, base)) return '/';
  const url = new URL(given, base);
  const isPage = !/^\/(?:c|api|v2|service)(?:\/|$)/.test(url.pathname) && !url.pathname.startsWith('//');
  return url.origin === base && isPage ? url.pathname + url.search + url.hash : '/';
}
