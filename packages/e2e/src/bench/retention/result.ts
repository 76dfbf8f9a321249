/** One policy evaluated over all tags. */
export interface RetentionRow {
  readonly title: string;
  /** Of the preview of the whole set, as the client sees it; the fastest of the rounds. */
  readonly milliseconds: number;
  readonly tagsDeleted: number;
}

/** The evaluation of retention policies over one large repository. */
export interface RetentionResult {
  readonly tags: number;
  readonly rounds: number;
  readonly rows: readonly RetentionRow[];
  /** Of the process that evaluates, before the first preview and at the most while they ran. */
  readonly idleMb: number;
  readonly peakMb: number;
}

/** Promised in issue 4: milliseconds for 100,000 tags, and what the process may grow by meanwhile. */
export const RETENTION_MUST_MS = 5_000;
export const RETENTION_GOAL_MS = 1_000;
export const RETENTION_MUST_MB = 200 * 1.048576;
