/** One policy evaluated over all tags. */
export interface RetentionRow {
  readonly title: string;
  /** Of the preview of the whole set, as the client sees it; the fastest of the rounds. */
  readonly milliseconds: number;
  /** Processor time of the whole server, PostgreSQL left out; the least of the rounds. */
  readonly cpuMilliseconds?: number;
  readonly tagsDeleted: number;
}

/** Of the worker process; before the run, and at the most while it lasted. */
export interface DryRunResult {
  readonly milliseconds: number;
  readonly idleMb: number;
  readonly peakMb: number;
}

/** The evaluation of retention policies over one large repository. */
export interface RetentionResult {
  readonly tags: number;
  readonly rounds: number;
  readonly rows: readonly RetentionRow[];
  /** Of the process that evaluates, before the first preview and at the most while they ran. */
  readonly idleMb: number;
  readonly peakMb: number;
  /** A dry run of the last policy with a line in its log for every tag; absent in results of times before it was measured. */
  readonly dryRun?: DryRunResult;
}

/** Promised in issue 4: milliseconds for 100,000 tags, and what the process may grow by meanwhile. */
export const RETENTION_MUST_MS = 5_000;
export const RETENTION_GOAL_MS = 1_000;
export const RETENTION_MUST_MB = 200 * 1.048576;
