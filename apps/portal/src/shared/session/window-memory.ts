import { sessionGate } from './session-gate.ts';

const PREFIX = 'moorage-kept:';

/** Where this window keeps something of that name for who is signed in; another person at it sees nothing of it. */
export function memoryKey(name: string): string {
  return `${PREFIX}${sessionGate.user() ?? ''}:${name}`;
}

/** Keeps a text until the window closes or the session ends; null takes it away. A full memory keeps nothing. */
export function remember(key: string, text: string | null): void {
  if (text === null) {
    sessionStorage.removeItem(key);
    return;
  }
  try {
    sessionStorage.setItem(key, text);
  } catch {
    sessionStorage.removeItem(key);
  }
}

export function recall(key: string): string | null {
  return sessionStorage.getItem(key);
}

/** Gives up all that this window keeps, for the end of a session. */
export function forgetAll(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
