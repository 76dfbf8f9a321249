export interface Banner {
  readonly message: string;
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  readonly closable: boolean;
}

const TONES: readonly Banner['tone'][] = ['info', 'success', 'warning', 'danger'];

/**
 * Reads the administrator's banner: JSON with message, type, closable, fromDate and toDate, as Harbor writes it. Null
 * when there is none, it cannot be read, or today lies outside its dates.
 */
export function bannerOf(text: string | undefined, now: Date): Banner | null {
  if (!text) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { message, type, closable, fromDate, toDate } = value as Record<string, unknown>;
  if (typeof message !== 'string' || message === '') return null;
  if (isBefore(now, fromDate) || isAfter(now, toDate)) return null;
  return { message, tone: TONES.find((tone) => tone === type) ?? 'info', closable: closable === true };
}

function isBefore(now: Date, bound: unknown): boolean {
  const time = dayOf(bound);
  return time !== null && now.getTime() < time;
}

/** The last day counts as a whole. */
function isAfter(now: Date, bound: unknown): boolean {
  const time = dayOf(bound);
  return time !== null && now.getTime() >= time + 86_400_000;
}

function dayOf(bound: unknown): number | null {
  const time = typeof bound === 'string' ? new Date(bound).getTime() : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
