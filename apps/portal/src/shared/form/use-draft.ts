import { useEffect, useState } from 'react';
import { memoryKey, recall, remember } from '../session/window-memory.ts';
import { keptText, keptValue } from './draft.rules.ts';

interface Draft<Value> {
  readonly value: Value;
  readonly set: (change: (before: Value) => Value) => void;
  /** It is what was written before the page was loaded again or left. */
  readonly restored: boolean;
  /** Back to what the form began with. */
  readonly discard: () => void;
  /** It was saved or given up: nothing of it is kept any more. */
  readonly forget: () => void;
}

/**
 * What a form says, kept in this window until it is saved or given up: a reload or a look at another page loses nothing.
 * `start` counts when the form appears; a kept draft of another start is given up.
 */
export function useDraft<Value>(name: string, start: Value): Draft<Value> {
  const [key] = useState(() => memoryKey(`draft:${name}`));
  const [first] = useState(start);
  const [found] = useState(() => keptValue(recall(key), start));
  const [value, setValue] = useState(found ?? start);
  const [restored, setRestored] = useState(found !== null);
  useEffect(() => {
    remember(key, keptText(first, value));
  }, [key, first, value]);
  return {
    value,
    set: setValue,
    restored,
    discard: () => {
      setValue(first);
      setRestored(false);
    },
    forget: () => remember(key, null),
  };
}
