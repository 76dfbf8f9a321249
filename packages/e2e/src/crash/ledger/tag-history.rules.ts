/** A write to a tag as its client saw it: the digest it names from then on, or null when it was deleted. */
export interface TagWrite {
  readonly value: string | null;
  /** When the client sent it, on one monotonic clock. */
  readonly start: number;
  /** When the answer came; null when none came, so that it may have happened at any time since, or never. */
  readonly end: number | null;
}

/** How every tag begins. */
const ABSENT: TagWrite = { value: null, start: -Infinity, end: -Infinity };

/**
 * What a tag may show to a reader between two moments: the value of every write that had begun by then and that no
 * acknowledged write followed and ended before the reading began. One writer after the other leaves one value; writers
 * side by side and answers that were lost leave several.
 */
export function allowedValues(
  writes: readonly TagWrite[],
  from = Number.POSITIVE_INFINITY,
  until = from,
): ReadonlySet<string | null> {
  const all = [ABSENT, ...writes];
  // Of those that ended before the reading, the one that began last shuts out whatever ended before it began.
  const latest = all.reduce(
    (most, { start, end }) => (end !== null && end < from ? Math.max(most, start) : most),
    -Infinity,
  );
  const possible = all.filter(({ start, end }) => start <= until && (end === null || end >= latest));
  return new Set(possible.map(({ value }) => value));
}
