/** Requests one caller may make at once, and how fast that grows back. */
export interface Allowance {
  /** Left at `at`; never above the limit. */
  readonly left: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What fractions of a request lose in arithmetic; no whole second more is waited for that. */
const ROUNDING = 1e-6;

/** The allowance after one request, or the seconds to wait. A caller not seen yet has the limit of a whole minute. */
export function takeOne(
  former: Allowance | undefined,
  perMinute: number,
  now: number,
): { readonly allowance: Allowance } | { readonly waitSeconds: number } {
  // A clock that was set back gives nothing and takes nothing.
  const passed = former ? Math.max(0, now - former.at) : 0;
  const left = former ? Math.min(perMinute, former.left + (passed / 60_000) * perMinute) : perMinute;
  if (left >= 1) return { allowance: { left: left - 1, at: now } };
  return { waitSeconds: Math.max(1, Math.ceil(((1 - left) / perMinute) * 60 - ROUNDING)) };
}
