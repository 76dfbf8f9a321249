import { signOutOidc } from '@moorage/contracts';
import { callAsIs } from '../api/client.ts';
import { sessionGate } from './session-gate.ts';
import { forgetAll } from './window-memory.ts';

/** Ends the session, also the provider's where the settings say so, and loads anew: nothing of it stays in memory. */
export function useSignOut(): () => Promise<void> {
  return async () => {
    sessionGate.setUser(null);
    forgetAll();
    const { data } = await callAsIs(signOutOidc, {});
    location.replace(data.location ?? '/login?stay=true');
  };
}
