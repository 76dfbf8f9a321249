import { RegistryError } from '../error.ts';
import type { Refused } from '../ports/index.ts';

/** A refusal by rule (quota, immutability, policy). 403 DENIED makes clients stop instead of repeating the upload (T17). */
export function refuse(outcome: Refused | { readonly message: string }): RegistryError {
  return new RegistryError('DENIED', outcome.message);
}
