/** What a project may store and stores, in bytes; `hard` is never negative here. */
export interface Allowance {
  readonly used: number;
  readonly hard: number;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size for people: three significant digits in the largest fitting binary unit. */
function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Says why a push is refused: what is used, what is allowed, and what the push needs (absent when not known yet). */
export function overQuotaMessage(allowance: Allowance, need?: number): string {
  const state = `${formatBytes(allowance.used)} of ${formatBytes(allowance.hard)} are used`;
  const wanted = need === undefined ? '' : ` and ${formatBytes(need)} more are needed`;
  return `the storage quota of the project is exceeded: ${state}${wanted}; delete artifacts or ask for a larger quota`;
}

/** Says why one more artifact is refused. */
export function tooManyMessage(count: number, hard: number): string {
  return `the artifact quota of the project is exceeded: it holds ${count} of ${hard} artifacts; delete artifacts or ask for a larger quota`;
}

/** Limits of storage in bytes: `hard` null for none; `soft` -1 for none, null for a share of the hard one. */
export interface StorageLimits {
  readonly hard: number | null;
  readonly soft: number | null;
}

/** From how many bytes on pushes are warned; null for never. `percent` 0 to 100, 0 for never. */
export function softLimitOf({ hard, soft }: StorageLimits, percent: number): number | null {
  if (soft !== null) return soft < 0 ? null : soft;
  return hard === null || percent === 0 ? null : Math.floor((hard * percent) / 100);
}

/** What a push that was taken is told when the project is about to be full; undefined while it is not. */
export function quotaWarning(state: StorageLimits & { readonly used: number }, percent: number): string | undefined {
  const soft = softLimitOf(state, percent);
  if (soft === null || state.used < soft) return undefined;
  const limit =
    state.hard === null ? `the soft limit is ${formatBytes(soft)}` : `${formatBytes(state.hard)} are allowed`;
  return `the storage of the project is running out: ${formatBytes(state.used)} are used, ${limit}; delete artifacts or ask for a larger quota`;
}
