import { softLimitOf } from '../usage/index.ts';

export interface DayOfUsage {
  /** `2026-01-31`, in UTC. */
  readonly day: string;
  readonly storage: number;
  readonly count: number;
}

export interface Forecast {
  readonly storage_per_day: number;
  readonly full_at: Date | null;
}

const DAY_MS = 86_400_000;
/** A trend is judged by the days of the last month, at least so many of them. */
const JUDGED_DAYS = 30;
const FEWEST_DAYS = 3;
/** What is further away than this is not foreseeable. */
const HORIZON_DAYS = 3650;

/** The day of a time in UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/**
 * Where usage leads: the slope of the straight line that fits the last 30 days best (least squares), and when it reaches
 * the limit in bytes (-1 for none). Null while there are fewer than three days.
 */
export function forecastOf(days: readonly DayOfUsage[], hardBytes: number, now: Date): Forecast | null {
  const judged = days
    .map(({ day, storage }) => ({ at: Date.parse(day) / DAY_MS, storage }))
    .filter(({ at }) => at > now.getTime() / DAY_MS - JUDGED_DAYS - 1);
  if (judged.length < FEWEST_DAYS) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, level] = [mean(judged.map(({ at }) => at)), mean(judged.map(({ storage }) => storage))];
  const spread = judged.reduce((sum, { at }) => sum + (at - middle) ** 2, 0);
  const slope = judged.reduce((sum, { at, storage }) => sum + (at - middle) * (storage - level), 0) / spread;
  const left = hardBytes < 0 ? null : hardBytes - (judged.at(-1)?.storage ?? 0);
  return { storage_per_day: Math.round(slope), full_at: fullAt(left, slope, now) };
}

function fullAt(left: number | null, slope: number, now: Date): Date | null {
  if (left === null) return null;
  if (left <= 0) return now;
  const days = left / slope;
  return slope > 0 && days <= HORIZON_DAYS ? new Date(now.getTime() + days * DAY_MS) : null;
}

/** Limits and usage of a project; limits -1 for none, `softBytes` null for the share of the settings. */
export interface QuotaLevels {
  readonly hardBytes: number;
  readonly usedBytes: number;
  readonly softBytes: number | null;
  readonly hardArtifacts: number;
  readonly usedArtifacts: number;
}

/** `full`: nothing more is taken; `warning`: pushes are warned. `percent` as the settings say. */
export function quotaState(quota: QuotaLevels, percent: number): 'ok' | 'warning' | 'full' {
  const { hardBytes, usedBytes, softBytes, hardArtifacts, usedArtifacts } = quota;
  if ((hardBytes >= 0 && usedBytes >= hardBytes) || (hardArtifacts >= 0 && usedArtifacts >= hardArtifacts))
    return 'full';
  const soft = softLimitOf({ hard: hardBytes < 0 ? null : hardBytes, soft: softBytes }, percent);
  return soft !== null && usedBytes >= soft ? 'warning' : 'ok';
}
