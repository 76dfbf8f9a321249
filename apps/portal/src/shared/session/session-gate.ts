type Listener = () => void;

/**
 * Stands between calls and a session that has ended. Only a page that was signed in asks for it again: to others a 401
 * is an ordinary refusal.
 */
function createSessionGate() {
  let name: string | null = null;
  let asking: { promise: Promise<boolean>; settle: (renewed: boolean) => void } | null = null;
  const listeners = new Set<Listener>();
  const tell = () => {
    for (const listener of listeners) listener();
  };

  return {
    /** Remembers who is signed in; null for nobody. */
    setUser: (username: string | null): void => {
      name = username;
    },
    user: () => name,
    /** Resolves to true once the person signed in again, to false when they gave up or nobody was signed in. */
    signInAgain: (): Promise<boolean> => {
      if (name === null) return Promise.resolve(false);
      if (asking === null) {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        asking = { promise, settle: resolve };
        tell();
      }
      return asking.promise;
    },
    settle: (renewed: boolean): void => {
      asking?.settle(renewed);
      asking = null;
      tell();
    },
    isAsking: () => asking !== null,
    subscribe: (listener: Listener): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const sessionGate = createSessionGate();
