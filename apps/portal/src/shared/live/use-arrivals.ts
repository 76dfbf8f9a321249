import { useState } from 'react';
import { useLive } from './use-live.ts';

/**
 * Counts events that would add rows, so that the page can offer them instead of letting rows jump under the pointer.
 * With nothing shown yet there is nothing to jump: they are shown at once.
 */
export function useArrivals(input: {
  topics: readonly string[];
  event: string;
  nothingShown: boolean;
  show: () => void;
}): { count: number; show: () => void } {
  const [count, setCount] = useState(0);
  useLive(input.topics, (signal) => {
    if (signal.kind === 'reload') {
      if (input.nothingShown) input.show();
      return;
    }
    if (signal.event.name !== input.event) return;
    if (input.nothingShown) input.show();
    else setCount((before) => before + 1);
  });
  return {
    count,
    show: () => {
      setCount(0);
      input.show();
    },
  };
}
