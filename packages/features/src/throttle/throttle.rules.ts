import { isIPv6 } from 'node:net';

/** How often something may be tried in a sliding window. */
export interface AttemptLimit {
  readonly attempts: number;
  readonly windowSeconds: number;
}

const QUARTER_HOUR = 15 * 60;

/** Guesses at one name from one address (S5). By address too, so that guessing from one place locks nobody out elsewhere. */
export const NAME_LIMIT: AttemptLimit = { attempts: 10, windowSeconds: QUARTER_HOUR };
/** Guesses from one address at any name (S5). */
export const ADDRESS_LIMIT: AttemptLimit = { attempts: 60, windowSeconds: QUARTER_HOUR };

/** What counts as one place: an IPv4 address, or the /64 of an IPv6 address, which one machine usually has whole. */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] as string).split('::', 2) as [string, string?];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Whole seconds until the oldest attempt leaves the window; at least 1. */
export function retryAfterSeconds(oldest: Date, limit: AttemptLimit, now: Date): number {
  return Math.max(1, Math.ceil((oldest.getTime() - now.getTime()) / 1000) + limit.windowSeconds);
}
