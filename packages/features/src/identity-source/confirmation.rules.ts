/** After a source did not answer, it is asked about the same account again no sooner. */
export const RETRY_MS = 60_000;
/** Ahead of the fifteen minutes, so that accounts in use are asked about in the background. */
export const DUE_MS = 12 * 60_000;
/** Accounts nobody used for so long are asked about at their next use only. */
export const IN_USE_MS = 60 * 60_000;

/** What a process knows of an account: since when its source vouches for it, null for a local one. */
export interface KnownConfirmation {
  readonly readAt: number;
  readonly confirmedAt: number | null;
  /** Not before then. */
  readonly retryAt: number;
}

/** Whether an account must be looked at. What is known counts for a minute; a clock that was set back proves nothing. */
export function isDue(known: KnownConfirmation | undefined, now: number, maxAgeMs: number): boolean {
  if (!known || now < known.readAt || now - known.readAt >= RETRY_MS) return true;
  if (known.confirmedAt === null || now < known.retryAt) return false;
  return now - known.confirmedAt >= maxAgeMs;
}
