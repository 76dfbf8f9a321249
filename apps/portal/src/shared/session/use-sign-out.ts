import { signOut } from '@moorage/contracts';
import { callAsIs } from '../api/client.ts';
import { sessionGate } from './session-gate.ts';

/** Ends the session and loads the portal anew, so that nothing of it stays in memory or behind the Back button. */
export function useSignOut(): () => Promise<void> {
  return async () => {
    sessionGate.setUser(null);
    await callAsIs(signOut, {});
    location.replace('/login?stay=true');
  };
}
