import { defineJob, type Processor, processor } from '@moorage/jobs';
import { z } from 'zod';

/** Drops ended sessions, sign-ins nobody finished, expired refresh tokens, old counters of failed attempts and retired signing keys; makes a new key when one is due. */
export const purgeCredentials = defineJob({
  name: 'session.purge-credentials',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 60_000,
  timeoutMs: 600_000,
});

/** Anything that outlives its use: what it removes is counted. */
export interface Purgeable {
  purge(): Promise<number>;
}

/** `rotateIfDue` is the token room's, which stands beside this one. */
export function purgeCredentialsProcessor(
  parts: {
    readonly sessions: Purgeable;
    readonly refreshTokens: Purgeable;
    readonly attempts: Purgeable;
    readonly pendingLogins: Purgeable;
  },
  rotateIfDue: () => Promise<void>,
): Processor {
  return processor(purgeCredentials, async ({ report }) => {
    const removed = {
      sessions: await parts.sessions.purge(),
      refresh_tokens: await parts.refreshTokens.purge(),
      attempts: await parts.attempts.purge(),
      pending_logins: await parts.pendingLogins.purge(),
    };
    await rotateIfDue();
    await report(removed);
  });
}
