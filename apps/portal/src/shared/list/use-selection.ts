import { type QueryKey, useQueries, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { ListPage } from '../api/query.ts';
import { memoryKey, recall, remember } from '../session/window-memory.ts';
import { portionsOf, type Ticks, ticksOf, ticksText } from './selection.rules.ts';

interface SelectableList<Row> {
  /** Which list of the portal it is, such as `tags:harbour/web`. */
  readonly name: string;
  readonly rows: readonly Row[] | undefined;
  /** The same function at every call. */
  readonly keyOf: (row: Row) => string;
  /** What "all that match" would match now. */
  readonly filter?: string | undefined;
  /** The list of just the rows with these keys, whatever the filter: those of them that are still there. */
  readonly only: (keys: readonly string[]) => UseQueryOptions<ListPage<Row[]>, Error, ListPage<Row[]>, QueryKey>;
}

interface Kept<Row> extends Ticks {
  readonly name: string;
  /** Rows as they were when they were ticked. */
  readonly seen: ReadonlyMap<string, Row>;
}

const NO_KEYS: readonly string[] = [];

/**
 * What a person ticked in a list, over its pages, orders and a reload, until it is cleared or the session ends. Ticked
 * rows that the page does not show are looked up; those that are gone fall out. Another filter ends "all that match".
 */
export function useSelection<Row>(list: SelectableList<Row>) {
  const { rows, keyOf, filter } = list;
  const [kept, setKept] = useState(() => keptOf<Row>(list.name));
  if (kept.name !== list.name) setKept(keptOf<Row>(list.name));
  useEffect(() => remember(memoryKey(`ticks:${kept.name}`), ticksText(kept)), [kept]);

  const shown = useMemo(() => new Map((rows ?? []).map((row) => [keyOf(row), row])), [rows, keyOf]);
  // Not before the list itself has come: nothing of this delays it.
  const away = rows === undefined ? NO_KEYS : kept.keys.filter((key) => !shown.has(key));
  const looked = useQueries({
    queries: portionsOf(away).map((keys) => ({ ...list.only(keys), placeholderData: undefined })),
    combine: allRows<Row>,
  });
  const items = useMemo(() => {
    const found = new Map((looked.rows ?? []).map((row) => [keyOf(row), row]));
    const rowOf = (key: string) =>
      shown.get(key) ?? found.get(key) ?? (looked.rows === undefined ? kept.seen.get(key) : undefined);
    return new Map(kept.keys.flatMap((key): [string, Row][] => pairOf(key, rowOf(key))));
  }, [kept, shown, looked, keyOf]);
  const selected = useMemo(() => [...items.keys()], [items]);
  const gone = rows !== undefined && looked.rows !== undefined && items.size < kept.keys.length;
  if (gone) setKept({ ...kept, keys: selected });

  const all = kept.everything !== null && kept.everything.filter === filter;
  return {
    selected,
    /** The ticked rows, as they are now. */
    items: [...items.values()],
    onChange: (keys: readonly string[]) =>
      setKept((before) => {
        // Those that are still looked up stay, unless everything is let go.
        const waiting = keys.length === 0 ? [] : before.keys.filter((key) => !items.has(key));
        const seen = new Map(keys.flatMap((key): [string, Row][] => pairOf(key, shown.get(key) ?? items.get(key))));
        return { ...before, keys: [...keys, ...waiting], seen };
      }),
    matching: {
      chosen: all,
      onChange: (chosen: boolean) => setKept((before) => ({ ...before, everything: chosen ? { filter } : null })),
    },
    clear: () => setKept({ name: list.name, keys: [], everything: null, seen: new Map() }),
  };
}

function keptOf<Row>(name: string): Kept<Row> {
  return { name, ...ticksOf(recall(memoryKey(`ticks:${name}`))), seen: new Map() };
}

function pairOf<Row>(key: string, row: Row | undefined): [string, Row][] {
  return row === undefined ? [] : [[key, row]];
}

/** All that was looked up; undefined while some of it is on its way or could not be had. */
function allRows<Row>(results: readonly UseQueryResult<ListPage<Row[]>>[]): { readonly rows: Row[] | undefined } {
  if (!results.every((result) => result.isSuccess)) return { rows: undefined };
  return { rows: results.flatMap((result) => result.data?.rows ?? []) };
}
