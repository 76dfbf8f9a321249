import { useCallback, useInsertionEffect, useRef } from 'react';

/** A function that stays the same between draws and does what the last draw's would: rows that get it need no new draw. */
export function useSteady<Arguments extends readonly unknown[], Result>(
  act: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  const latest = useRef(act);
  useInsertionEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: Arguments) => latest.current(...args), []);
}
