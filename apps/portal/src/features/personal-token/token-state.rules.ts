import type { PersonalToken } from '@moorage/contracts';

export type TokenState = 'active' | 'expiring' | 'expired';

const SOON_SECONDS = 14 * 86_400;

/** Whether a token still works, and whether that ends within two weeks. `expires_at` is in seconds; -1 is never. */
export function stateOfToken(token: Pick<PersonalToken, 'expires_at' | 'expired'>, now: Date): TokenState {
  const seconds = now.getTime() / 1000;
  if (token.expired || (token.expires_at >= 0 && token.expires_at <= seconds)) return 'expired';
  return token.expires_at >= 0 && token.expires_at - seconds < SOON_SECONDS ? 'expiring' : 'active';
}

/** ISO time of the expiry; undefined for never. */
export function expiryOfToken(token: Pick<PersonalToken, 'expires_at'>): string | undefined {
  return token.expires_at < 0 ? undefined : new Date(token.expires_at * 1000).toISOString();
}
