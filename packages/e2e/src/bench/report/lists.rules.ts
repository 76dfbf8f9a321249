import type { ListRow } from '../lists/result.ts';
import { ceilingVerdictOf, isDisturbed, median, type Target, type Verdict } from './compare.rules.ts';

/** Promised in issue 4: milliseconds at the 95th percentile, and how many times that of a hundredth of the content. */
export const LIST_TARGET: Target = { must: 100, goal: 20 };
export const LIST_GROWTH = 1.5;

export interface ListFigures {
  readonly largeMs: number;
  readonly smallMs: number;
  /** Of the rounds, each by itself: what disturbs one side of a round usually disturbs the other. */
  readonly growth: number;
  readonly disturbed: boolean;
  readonly time: Verdict;
  readonly isGrowthKept: boolean;
}

const LEAST_ROUNDS = 3;

/** What the rounds of a call come to; disturbed rounds count only where too few others remain. */
export function listFigures({ rounds }: Pick<ListRow, 'rounds'>): ListFigures {
  const calm = rounds.filter((round) => !isDisturbed(round));
  const disturbed = calm.length < Math.min(LEAST_ROUNDS, rounds.length);
  const counted = disturbed ? rounds : calm;
  const largeMs = median(counted.map(({ large }) => large.p95Ms));
  const growth = median(counted.map(({ large, small }) => large.p95Ms / small.p95Ms));
  return {
    largeMs,
    smallMs: median(counted.map(({ small }) => small.p95Ms)),
    growth,
    disturbed,
    time: ceilingVerdictOf(largeMs, LIST_TARGET),
    isGrowthKept: growth <= LIST_GROWTH,
  };
}
