/** What a person waits for on the page of tags, in milliseconds; the best of the rounds. */
export interface PortalRow {
  readonly title: string;
  readonly milliseconds: number;
  readonly mustMs: number;
}

/** The page of tags of one large repository in Chromium. */
export interface PortalResult {
  readonly tags: number;
  readonly rounds: number;
  readonly rows: readonly PortalRow[];
}

/** Promised in issue 4: largest contentful paint, and the slowest interaction until the next paint. */
export const LCP_MUST_MS = 1_000;
export const INP_MUST_MS = 100;
