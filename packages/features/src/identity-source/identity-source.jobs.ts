import type { Pulse } from '@moorage/jobs';
import type { ConfirmationService } from './confirmation.service.ts';

const EVERY_MS = 30_000;

/** Asks identity sources about accounts in use before what they said is fifteen minutes old (OIDC-4). */
export function confirmAccountsPulse(confirmations: ConfirmationService): Pulse {
  return {
    name: 'identity-source.confirm',
    everyMs: EVERY_MS,
    run: async () => {
      await confirmations.confirmDue();
    },
  };
}
