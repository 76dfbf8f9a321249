import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import type { Clock } from '../clock/index.ts';
import { LoginTransactionStore } from './login-transaction.store.ts';
import { SourceSessionStore } from './source-session.store.ts';

const EVERY_MS = 5 * 60_000;

/** Removes logins that never came back, and logout tokens that can no longer be used again. */
export function purgeLoginsPulse(database: Database, clock: Clock): Pulse {
  const logins = new LoginTransactionStore(database);
  const sessions = new SourceSessionStore(database);
  return {
    name: 'oidc.purge-logins',
    everyMs: EVERY_MS,
    run: async () => {
      await logins.purge(clock.now());
      await sessions.purge(clock.now());
    },
  };
}
