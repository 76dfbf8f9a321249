import type { Target } from './compare.rules.ts';

/** What a metric must reach and shall reach against each peer, as ratios; metrics without goals are only reported. */
export interface Goal {
  readonly metrics: readonly string[];
  readonly against: Readonly<Record<string, Target>>;
}

const goal = (
  metrics: readonly string[],
  old: readonly [number, number],
  current: readonly [number, number],
): Goal => ({
  metrics,
  against: {
    'registry-2.8': { must: old[0], goal: old[1] },
    'distribution-3': { must: current[0], goal: current[1] },
  },
});

const GOALS: readonly Goal[] = [
  goal(
    ['manifest-get-tag', 'manifest-get-tags', 'manifest-get-digest', 'manifest-head-tag', 'manifest-head-digest'],
    [4, 8],
    [1, 1.6],
  ),
  goal(['blob-head'], [4, 8], [1, 2]),
  goal(['config-get'], [10, 20], [10, 20]),
  goal(['pull-large', 'pull-medium'], [0.95, 1.05], [0.9, 1]),
  goal(['push-large', 'push-chunks'], [1.2, 1.7], [0.75, 1]),
  goal(['push-medium'], [1, 1.4], [0.75, 1]),
  goal(['images-unique', 'images-shared'], [2.5, 4], [2, 3.3]),
  goal(['tags-first', 'tags-deep', 'catalog-first', 'catalog-deep'], [20, 30], [10, 20]),
  goal(['manifest-delete'], [20, 50], [20, 50]),
];

/** What a metric has to reach against a peer, or undefined where nothing was promised. */
export function targetOf(metric: string, peer: string): Target | undefined {
  return GOALS.find(({ metrics }) => metrics.includes(metric))?.against[peer];
}

const ORDER = GOALS.flatMap(({ metrics }) => metrics);

/** Where a metric stands among all; those without goals come last. */
export function metricOrder(metric: string): number {
  const place = ORDER.indexOf(metric);
  return place < 0 ? ORDER.length : place;
}

export const MEMORY_TARGET: Target = { must: 400, goal: 250 };
export const LOOP_DELAY_TARGET: Target = { must: 50, goal: 20 };
