export const STORAGE_UNITS = ['MiB', 'GiB', 'TiB'] as const;
export type StorageUnit = (typeof STORAGE_UNITS)[number];

const FACTOR: Readonly<Record<StorageUnit, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes of an amount, at least one. */
export function limitOf(amount: number, unit: StorageUnit): number {
  return Math.max(1, Math.round(amount * FACTOR[unit]));
}

/** A limit as a number and a unit: the largest unit in which it has at most two decimals, or the wanted one. */
export function partsOf(bytes: number | null, wanted?: StorageUnit): { amount: number; unit: StorageUnit } {
  if (bytes === null || bytes < 0) return { amount: 10, unit: wanted ?? 'GiB' };
  const unit =
    wanted ?? STORAGE_UNITS.toReversed().find((entry) => bytes >= FACTOR[entry] && isShort(bytes / FACTOR[entry]));
  const chosen = unit ?? 'MiB';
  return { amount: Math.round((bytes / FACTOR[chosen]) * 100) / 100, unit: chosen };
}

function isShort(value: number): boolean {
  return Math.abs(value * 100 - Math.round(value * 100)) < 1e-9;
}
