import type { RepositoryTag } from '@moorage/contracts';
import { useState } from 'react';
import type { TagOnDigest } from './repository.queries.ts';

/** What a person chose of the list of tags: some by name, over several pages, or all that match the filter. */
export interface TagChoice {
  readonly tags: readonly TagOnDigest[];
  /** The filter all of whose matches are chosen; undefined while single tags are. */
  readonly matching: { readonly q: string | undefined; readonly count: number } | undefined;
}

/** Keeps the chosen tags over pages and orders. Another filter ends "all that match": it would mean other tags. */
export function useTagSelection(list: { rows: readonly RepositoryTag[]; total: number; q: string | undefined }) {
  const [digests, setDigests] = useState<ReadonlyMap<string, string>>(new Map());
  const [everything, setEverything] = useState<{ q: string | undefined } | null>(null);
  const all = everything !== null && everything.q === list.q;
  const choice: TagChoice = {
    tags: [...digests].map(([name, digest]) => ({ name, digest })),
    matching: all ? { q: list.q, count: list.total } : undefined,
  };
  return {
    choice,
    selected: [...digests.keys()],
    onChange: (names: readonly string[]) => {
      const shown = new Map(list.rows.map((row) => [row.name, row.digest]));
      setDigests(new Map(names.map((name) => [name, shown.get(name) ?? digests.get(name) ?? ''])));
    },
    matching: { chosen: all, onChange: (chosen: boolean) => setEverything(chosen ? { q: list.q } : null) },
    clear: () => {
      setDigests(new Map());
      setEverything(null);
    },
  };
}
