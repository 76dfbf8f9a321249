/** A tag of an item, with what has its name now. */
export interface TagState {
  readonly name: string;
  /** Hex of the digest column. */
  readonly digest: string;
  /** The digest the name has in the repository, or null. */
  readonly taken: string | null;
}

/** What the one who restores chose. */
export interface RestorationChoice {
  readonly tags: ReadonlyMap<string, string | null>;
  readonly skipTakenTags: boolean;
}

export interface TagPlan {
  /** Tags to set, by the name they had. */
  readonly set: readonly { readonly name: string; readonly as: string; readonly digest: string }[];
  /** Those that are on the same digest again already. */
  readonly there: readonly string[];
  /** Left out by choice. */
  readonly leftOut: readonly string[];
  readonly taken: readonly { readonly name: string; readonly digest: string }[];
}

/**
 * Which tags come back under which name. A name that is taken by another digest is a conflict, unless the choice gives
 * another name or leaves the tag out; what has a name now is never moved.
 */
export function planTags(
  states: readonly TagState[],
  others: ReadonlyMap<string, string>,
  choice: RestorationChoice,
): TagPlan {
  const set: TagPlan['set'][number][] = [];
  const there: string[] = [];
  const leftOut: string[] = [];
  const taken: TagPlan['taken'][number][] = [];
  const planned = new Map<string, string>();
  for (const state of states) {
    const chosen = choice.tags.get(state.name);
    const as = chosen ?? state.name;
    const holder = planned.get(as) ?? (typeof chosen === 'string' ? (others.get(as) ?? null) : state.taken);
    if (chosen === null) leftOut.push(state.name);
    else if (holder === state.digest) there.push(as);
    else if (holder === null) {
      set.push({ name: state.name, as, digest: state.digest });
      planned.set(as, state.digest);
    } else if (choice.skipTakenTags && chosen === undefined) leftOut.push(state.name);
    else taken.push({ name: as, digest: holder });
  }
  return { set, there, leftOut, taken };
}
