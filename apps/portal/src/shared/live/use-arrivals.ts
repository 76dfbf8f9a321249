import type { LiveEvent } from '@moorage/contracts';
import { useState } from 'react';
import { useLive } from './use-live.ts';

/**
 * Counts events that would add rows, so that the page can offer them instead of letting rows jump under the pointer.
 * With nothing shown yet there is nothing to jump: they are shown at once. Rows loaded anew, for whatever reason, are
 * complete: the count begins again.
 */
export function useArrivals(input: {
  topics: readonly string[];
  /** How many rows an event brings or moves; 0 when it does not concern this list. */
  rowsOf: (event: LiveEvent) => number;
  nothingShown: boolean;
  /** When the rows were loaded, in milliseconds since 1970. */
  loadedAt: number;
  show: () => void;
}): { count: number; show: () => void } {
  const [arrived, setArrived] = useState({ count: 0, since: input.loadedAt });
  const count = arrived.since === input.loadedAt ? arrived.count : 0;
  useLive(input.topics, (signal) => {
    if (signal.kind === 'reload') {
      if (input.nothingShown) input.show();
      return;
    }
    const rows = input.rowsOf(signal.event);
    if (rows === 0) return;
    if (input.nothingShown) {
      input.show();
      return;
    }
    const since = input.loadedAt;
    setArrived((before) => ({ count: before.since === since ? before.count + rows : rows, since }));
  });
  return { count, show: input.show };
}
