import type { Pulse } from '@moorage/jobs';
import type { ConfirmationService } from './confirmation.service.ts';

const EVERY_MS = 30_000;
/** Batches of one pulse: with slow sources the next pulse goes on. */
const MOST_BATCHES = 40;

/** Asks identity sources about accounts in use before what they said is fifteen minutes old (OIDC-4). */
export function confirmAccountsPulse(confirmations: ConfirmationService): Pulse {
  return {
    name: 'identity-source.confirm',
    everyMs: EVERY_MS,
    run: async () => {
      for (let batch = 0; batch < MOST_BATCHES; batch++) {
        if ((await confirmations.confirmDue()) === 0) return;
      }
    },
  };
}
