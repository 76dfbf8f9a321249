import { useSyncExternalStore } from 'react';

const KEY = 'moorage-client';
const listeners = new Set<() => void>();

/** The client whose commands are shown first, the same everywhere, kept in this browser. */
export function useClientChoice(): readonly [string, (client: string) => void] {
  const client = useSyncExternalStore(subscribe, read);
  return [client, choose];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let chosen: string | null = null;

function read(): string {
  if (chosen === null) {
    try {
      chosen = localStorage.getItem(KEY) ?? 'docker';
    } catch {
      chosen = 'docker';
    }
  }
  return chosen;
}

function choose(client: string): void {
  chosen = client;
  try {
    localStorage.setItem(KEY, client);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}
