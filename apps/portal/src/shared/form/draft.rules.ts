/** What is kept of a form: what it began with, as text, and what it says now. */
interface Kept<Value> {
  readonly start: string;
  readonly value: Value;
}

/** The text to keep of a form; null when nothing was changed in it. */
export function keptText<Value>(start: Value, value: Value): string | null {
  const before = JSON.stringify(start);
  if (JSON.stringify(value) === before) return null;
  return JSON.stringify({ start: before, value } satisfies Kept<Value>);
}

/** What was kept of a form that began with just this; null when there is nothing, or the saved version has changed since. */
export function keptValue<Value>(text: string | null, start: Value): Value | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept<Value>> | null;
    return kept?.start === JSON.stringify(start) ? (kept.value ?? null) : null;
  } catch {
    return null;
  }
}
