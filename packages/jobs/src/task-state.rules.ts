/** States of the wire (JOB-2), and Waiting: nobody runs it until it is released. A final state never changes again. */
export type TaskStatus = 'Pending' | 'Waiting' | 'Running' | 'Success' | 'Error' | 'Stopped';

const MAX_BACKOFF_MS = 3_600_000;

/** What becomes of a task whose attempt failed: another attempt after a wait, or Error. */
export function afterFailure(
  definition: { attempts: number; backoffMs: number },
  attempts: number,
  isPermanent: boolean,
): { readonly status: 'Pending'; readonly delayMs: number } | { readonly status: 'Error' } {
  if (isPermanent || attempts >= definition.attempts) return { status: 'Error' };
  return { status: 'Pending', delayMs: Math.min(definition.backoffMs * 2 ** (attempts - 1), MAX_BACKOFF_MS) };
}
