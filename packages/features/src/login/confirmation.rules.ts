/** How old what an identity source says of a user may be, in milliseconds: for any use (OIDC-4, S31). */
export const USE_MS = 15 * 60_000;

/** The same for a change, and before a refusal. */
export const CHANGE_MS = 60_000;
