import type { World } from './world.ts';

/** Times of one call in one round, in milliseconds. */
export interface ListTimes {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface ListRound {
  readonly large: ListTimes;
  readonly small: ListTimes;
  /** Processor time of other programs meanwhile, as a share of one core. */
  readonly otherCpu: number;
}

/** One call of a list, asked of both worlds in turn. */
export interface ListRow {
  readonly id: string;
  readonly title: string;
  /** Named in issue 4. */
  readonly promised: boolean;
  /** In each round and world. */
  readonly calls: number;
  /** Answers that were not the expected ones. */
  readonly failures: number;
  readonly rounds: readonly ListRound[];
}

/** Lists of a world of content beside those of a hundredth of it. */
export interface ListResult {
  readonly world: World;
  readonly rows: readonly ListRow[];
}
