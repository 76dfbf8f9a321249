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
