/** How old what an identity source says of a user may be, in milliseconds: for any use (OIDC-4, S31). */
export const USE_MS = 15 * 60_000;

/** The same for a change, and before a refusal. */
export const CHANGE_MS = 60_000;

/** For how long what a source said counts when it cannot be asked again, in milliseconds. */
export const GRACE_MS = 60 * 60_000;

/**
 * Whether the source's last word on somebody still counts at `now`. `vouchedAt` is null or absent for whom no source needs
 * to vouch.
 */
export function isVouchedFor(vouchedAt: Date | null | undefined, now: Date): boolean {
  return !vouchedAt || now.getTime() - vouchedAt.getTime() < GRACE_MS;
}
