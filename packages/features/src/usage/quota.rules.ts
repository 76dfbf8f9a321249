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
