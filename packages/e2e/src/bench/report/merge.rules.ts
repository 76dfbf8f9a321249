import { metricOrder } from './goals.ts';
import type { BenchResult } from './result.ts';

/**
 * What a run adds to what is published: its metrics replace the same ones, others stay. Figures of another machine or
 * of other versions of the peers are dropped, as no reader could compare them.
 */
export function mergeResults(earlier: BenchResult | null, run: BenchResult): BenchResult {
  const kept = earlier && conditionsOf(earlier) === conditionsOf(run) ? earlier : null;
  const measured = new Set(run.series.map(({ metric }) => metric.id));
  const series = [...(kept?.series ?? []).filter(({ metric }) => !measured.has(metric.id)), ...run.series];
  return {
    ...run,
    series: series.sort((a, b) => metricOrder(a.metric.id) - metricOrder(b.metric.id)),
    memory: run.memory ?? kept?.memory ?? null,
    tokens: run.tokens ?? kept?.tokens ?? null,
    retention: run.retention ?? kept?.retention ?? null,
    lists: run.lists ?? kept?.lists ?? null,
    garbage: run.garbage ?? kept?.garbage ?? null,
    portal: run.portal ?? kept?.portal ?? null,
  };
}

function conditionsOf({ machine, registries }: BenchResult): string {
  return JSON.stringify([machine, registries]);
}
