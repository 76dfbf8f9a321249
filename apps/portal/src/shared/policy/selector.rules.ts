/** Which repositories or tags a rule is about: one pattern that must match, or must not. */
export interface Selector {
  readonly excludes: boolean;
  /** A doublestar glob, anchored at both ends; or with `regex` a regular expression, found anywhere in the name. */
  readonly pattern: string;
  readonly regex?: boolean;
}

/** A selector of a form, with a key that stays when others come and go. */
export interface SelectorDraft extends Selector {
  readonly key: number;
}

interface WireSelector {
  readonly decoration: string;
  readonly pattern: string;
}

/** Reads selectors of the API, of tags and of repositories alike. */
export function selectorsOf(wire: readonly WireSelector[] | undefined): Selector[] {
  return (wire ?? []).map(({ decoration, pattern }) => ({
    excludes: decoration === 'excludes' || decoration === 'repoExcludes',
    pattern,
  }));
}

/** Selectors as the API takes them for tags. */
export function tagSelectors(selectors: readonly Selector[]) {
  return selectors.map(({ excludes, pattern }) => ({
    kind: 'doublestar' as const,
    decoration: excludes ? ('excludes' as const) : ('matches' as const),
    pattern: pattern.trim(),
  }));
}

/** Selectors as the API takes them for repositories. */
export function repositorySelectors(selectors: readonly Selector[]) {
  return selectors.map(({ excludes, pattern }) => ({
    kind: 'doublestar' as const,
    decoration: excludes ? ('repoExcludes' as const) : ('repoMatches' as const),
    pattern: pattern.trim(),
  }));
}

/** Gives every selector a key of its own. */
export function keyed(selectors: readonly Selector[]): readonly SelectorDraft[] {
  return selectors.map((selector, key) => ({ ...selector, key }));
}

/** Gives every selector a key of its own; a list without any begins with everything. */
export function draftOf(selectors: readonly Selector[]): readonly SelectorDraft[] {
  return keyed(selectors.length === 0 ? [{ excludes: false, pattern: '**' }] : selectors);
}

/** Whether every selector says something. */
export function isComplete(selectors: readonly Selector[]): boolean {
  return selectors.length > 0 && selectors.every((selector) => selector.pattern.trim() !== '');
}
