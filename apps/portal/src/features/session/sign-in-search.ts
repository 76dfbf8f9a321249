import * as z from 'zod/mini';
import { searchChoice, searchFlag, searchText } from '../../shared/list/list-search.ts';

/** Why a sign-in through a provider failed, as the server tells it in the address. */
const FAILURES = ['expired', 'denied', 'provider', 'unavailable', 'identity', 'disabled'] as const;

export const signInSearch = z.object({
  /** Where the person wanted to go. */
  to: searchText,
  sso_error: searchChoice(FAILURES),
  /** Do not leave for a provider by itself. */
  stay: searchFlag,
});
