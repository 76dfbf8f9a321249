import { useEffect, useState } from 'react';
import { sessionGate } from '../session/session-gate.ts';
import { keptText, keptValue } from './draft.rules.ts';

const PREFIX = 'moorage-draft:';

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
  // Another person at this window sees nothing of it.
  const [key] = useState(() => `${PREFIX}${sessionGate.user() ?? ''}:${name}`);
  const [first] = useState(start);
  const [found] = useState(() => keptValue(sessionStorage.getItem(key), start));
  const [value, setValue] = useState(found ?? start);
  const [restored, setRestored] = useState(found !== null);
  useEffect(() => {
    const text = keptText(first, value);
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  }, [key, first, value]);
  return {
    value,
    set: setValue,
    restored,
    discard: () => {
      setValue(first);
      setRestored(false);
    },
    forget: () => sessionStorage.removeItem(key),
  };
}

/** Gives up every draft of this window, for the end of a session. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
