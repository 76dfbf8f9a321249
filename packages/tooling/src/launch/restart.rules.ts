/** How long a process must have run for its next crash to count as the first again. */
const CALM_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Crashes in a row, the present one included, after a process that had `previous` ran for `uptime` milliseconds. */
export function countCrash(previous: number, uptime: number): number {
  return uptime >= CALM_MS ? 1 : previous + 1;
}

/** The pause in milliseconds before the next start: one second, doubled with each crash in a row, up to half a minute. */
export function restartPause(crashes: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (crashes - 1), LONGEST_PAUSE_MS);
}
