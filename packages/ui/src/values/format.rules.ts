const STEP = 1024;

/** A size in binary units, at most three significant digits before it needs a bigger unit. `units` runs from bytes upward. */
export function formatBytes(value: number, locale: string, units: readonly string[]): string {
  let amount = value;
  let unit = 0;
  // 1023.95 KiB would otherwise be written "1,024.0 KiB".
  while (unit < units.length - 1 && Math.round(amount * 10) >= STEP * 10) {
    amount /= STEP;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(amount)}\u00a0${units[unit]}`;
}

export function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

const SPANS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 hours ago", "in 2 days"; under 45 seconds "now" in the language's own word. */
export function formatRelative(time: Date, now: Date, locale: string): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(seconds) < 45) return format.format(0, 'second');
  for (const [unit, span] of SPANS) {
    // Rounded from three quarters up, so that 23.5 hours are a day and not "24 hours".
    if (Math.abs(seconds) >= span * 0.75 && Math.abs(Math.round(seconds / span)) >= 1) {
      return format.format(Math.round(seconds / span), unit);
    }
  }
  return format.format(0, 'second');
}

export function formatDateTime(time: Date, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(time);
}

/** `sha256:` and the first twelve characters, as people quote digests. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return digest.slice(colon + 1, colon + 13);
}
