const DAY_MS = 86_400_000;

/** The last `span` days up to and with the day of `now` in UTC, oldest first; days without an entry count 0. */
export function daysUpTo(
  now: Date,
  span: number,
  entries: readonly { readonly day: string; readonly value: number }[],
): { readonly day: string; readonly value: number }[] {
  const values = new Map(entries.map((entry) => [entry.day.slice(0, 10), entry.value]));
  return Array.from({ length: span }, (_unused, index) => {
    const day = new Date(now.getTime() - (span - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return { day, value: values.get(day) ?? 0 };
  });
}
