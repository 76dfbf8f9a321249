/** What was ticked in a list: rows by key, or all that match a filter. */
export interface Ticks {
  readonly keys: readonly string[];
  /** The filter all of whose matches are chosen; null while single rows are. */
  readonly everything: { readonly filter?: string | undefined } | null;
}

export const NO_TICKS: Ticks = { keys: [], everything: null };

/** More than these are chosen by a filter, not one by one. */
const MAX_KEPT = 500;
/** What one call may ask for: rows of a page, and letters of `q` with room for the key and the brackets around them. */
const MAX_ASKED = 100;
const MAX_LETTERS = 1_800;

/** The text to keep of what was ticked; null for nothing. */
export function ticksText(ticks: Ticks): string | null {
  if (ticks.keys.length === 0 && ticks.everything === null) return null;
  return JSON.stringify({ keys: ticks.keys.slice(0, MAX_KEPT), everything: ticks.everything } satisfies Ticks);
}

/** What a kept text says was ticked; nothing when it is no such text. */
export function ticksOf(text: string | null): Ticks {
  if (text === null) return NO_TICKS;
  try {
    const { keys, everything } = JSON.parse(text) as Partial<Ticks>;
    if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) return NO_TICKS;
    return { keys, everything: everything ?? null };
  } catch {
    return NO_TICKS;
  }
}

/** Keys in portions of which each can be asked for in one call of a list. */
export function portionsOf(keys: readonly string[]): readonly (readonly string[])[] {
  const portions: string[][] = [];
  let letters = MAX_LETTERS;
  for (const key of keys) {
    const portion = portions.at(-1);
    // One letter between two, and a backslash before those with a meaning.
    const needed = key.length + 1 + key.replaceAll(/[\w./-]/g, '').length;
    if (portion === undefined || portion.length === MAX_ASKED || letters + needed > MAX_LETTERS) {
      portions.push([key]);
      letters = needed;
    } else {
      portion.push(key);
      letters += needed;
    }
  }
  return portions;
}
