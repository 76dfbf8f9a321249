import type { Caller } from '../http/index.ts';
import type { FactorDemand } from '../second-factor/index.ts';
import type { Identity } from './identity.service.ts';

/** Programs cannot show a second factor, so the password alone is not taken from them once there is to be one. */
export function refusePasswordAlone(demand: FactorDemand): string | null {
  switch (demand) {
    case 'none':
      return null;
    case 'verify':
      return 'Your account has a second factor, so the password alone is not taken here: make a personal access token in the portal and send it in place of the password.';
    case 'enrol':
      return 'Your account needs a second factor: sign in to the portal, set one up, and send a personal access token in place of the password.';
  }
}

/**
 * What a password somebody else chose is not good for with programs. The one printed at the first start serves for
 * everything but further credentials, which would outlast it; one that was set later for nothing but choosing one's own.
 */
export function passwordDemand(identity: Identity): Caller['mustChangePassword'] {
  if (!identity.mustChangePassword) return undefined;
  return identity.hasResetPassword ? 'before-changes' : 'before-credentials';
}
