import { FEDERATION_CHECK_TEXTS, type FederationCheck, tell } from '@moorage/contracts';

/** One question asked of a token, with the answer in the sentence of a code. */
export function federationCheck(
  check: FederationCheck['check'],
  passed: boolean,
  code: keyof typeof FEDERATION_CHECK_TEXTS,
  values: Readonly<Record<string, string>> = {},
): FederationCheck {
  return { check, passed, ...tell(FEDERATION_CHECK_TEXTS, code, values) };
}
