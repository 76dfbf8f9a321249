import { useSyncExternalStore } from 'react';

const KEY = 'moorage-shortcuts';
const listeners = new Set<() => void>();
let on: boolean | null = null;

/** Whether single-key shortcuts are on. They can be turned off, because voice control and slips of the hand trigger them. */
export function useShortcutChoice(): readonly [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, read), choose];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): boolean {
  if (on === null) {
    try {
      on = localStorage.getItem(KEY) !== 'off';
    } catch {
      on = true;
    }
  }
  return on;
}

function choose(next: boolean): void {
  on = next;
  try {
    localStorage.setItem(KEY, next ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}
