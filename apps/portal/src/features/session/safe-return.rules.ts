/** The address to go to after sign-in: only a path of this portal, never another origin; home otherwise. */
export function safeReturn(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/';
  const address = new URL(to, 'http://portal.invalid');
  if (address.origin !== 'http://portal.invalid' || address.pathname === '/login') return '/';
  return address.pathname + address.search + address.hash;
}

/** Where a provider's sign-in begins, with the path of this portal to come back to. */
export function providerAddress(loginUrl: string, returnTo: string): string {
  return `${loginUrl}${loginUrl.includes('?') ? '&' : '?'}redirect_url=${encodeURIComponent(returnTo)}`;
}
