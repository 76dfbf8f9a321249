import { useCallback, useState } from 'react';

type Visibility = Record<string, boolean>;

/** Which columns a person hid, kept in this browser under `key`. */
export function useColumnChoice(key: string, initial: Visibility): readonly [Visibility, (next: Visibility) => void] {
  const storageKey = `moorage-columns:${key}`;
  const [visibility, setVisibility] = useState<Visibility>(() => ({ ...initial, ...read(storageKey) }));
  const change = useCallback(
    (next: Visibility) => {
      setVisibility(next);
      try {
        localStorage.setItem(storageKey, JSON.stringify(next));
      } catch {
        // A browser without storage forgets the choice; nothing else depends on it.
      }
    },
    [storageKey],
  );
  return [visibility, change];
}

function read(key: string): Visibility {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return Object.fromEntries(
      Object.entries(value ?? {}).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
    );
  } catch {
    return {};
  }
}
