import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { measure, type Sample } from './machine/measure.ts';
import type { Contender, RunningRegistry } from './registry/contender.ts';
import { isDisturbed, undisturbedRounds } from './report/compare.rules.ts';
import { type Metric, type Scenario, valueOf } from './workload/workload.ts';

/** One round of a metric: a sample of every registry, one after the other. */
export type Round = Readonly<Record<string, Sample>>;

export interface Series {
  readonly metric: Pick<Metric, 'id' | 'title' | 'unit'>;
  readonly rounds: readonly Round[];
}

export interface SeriesOptions {
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  /** How many rounds there may be in all, as some may be disturbed. */
  readonly mostRounds: number;
  /** Where stores are made: the file system that is measured. */
  readonly directory: string;
  readonly log: (line: string) => void;
}

/** Deleted stores still cost the disk some work. */
const SETTLE_MS = 500;

/** Measures every metric of a scenario, registries in turn (A B C A B C…), until enough rounds were undisturbed. */
export function runScenario(scenario: Scenario, options: SeriesOptions): Promise<readonly Series[]> {
  options.log(`${scenario.id}: ${scenario.metrics.map(({ title }) => title).join('; ')}`);
  return scenario.store === 'fresh' ? runFresh(scenario, options) : runWarm(scenario, options);
}

async function runFresh(scenario: Scenario, options: SeriesOptions): Promise<readonly Series[]> {
  const rounds = scenario.metrics.map((): Round[] => []);
  while (!isEnough(rounds[0] ?? [], options)) {
    const samples = scenario.metrics.map((): Record<string, Sample> => ({}));
    for (const contender of options.contenders) {
      await withRegistry(contender, options.directory, async (registry) => {
        await scenario.seed?.(registry);
        for (const [at, metric] of scenario.metrics.entries()) {
          const sample = await take(metric, contender, registry, options);
          (samples[at] ?? {})[contender.name] = sample;
        }
      });
    }
    for (const [at, round] of samples.entries()) rounds[at]?.push(round);
  }
  return scenario.metrics.map((metric, at) => seriesOf(metric, rounds[at] ?? []));
}

async function runWarm(scenario: Scenario, options: SeriesOptions): Promise<readonly Series[]> {
  const stopped: (() => Promise<void>)[] = [];
  try {
    const registries: [Contender, RunningRegistry][] = [];
    for (const contender of options.contenders) {
      const { registry, stop } = await startOn(contender, options.directory);
      stopped.push(stop);
      await scenario.seed?.(registry);
      registries.push([contender, registry]);
    }
    const series: Series[] = [];
    for (const metric of scenario.metrics) {
      const rounds: Round[] = [];
      while (!isEnough(rounds, options)) {
        const round: Record<string, Sample> = {};
        for (const [contender, registry] of registries) {
          round[contender.name] = await take(metric, contender, registry, options);
        }
        rounds.push(round);
      }
      series.push(seriesOf(metric, rounds));
    }
    return series;
  } finally {
    for (const stop of stopped) await stop();
  }
}

function isEnough(rounds: readonly Round[], options: SeriesOptions): boolean {
  return undisturbedRounds(rounds).length >= options.rounds || rounds.length >= options.mostRounds;
}

async function take(
  metric: Metric,
  contender: Contender,
  registry: RunningRegistry,
  { log }: SeriesOptions,
): Promise<Sample> {
  const sample = await measure(registry, await metric.load(registry), valueOf(metric.unit));
  const notes = [
    `${sample.value.toFixed(sample.value < 100 ? 1 : 0)} ${metric.unit}`,
    `p99 ${sample.p99Ms.toFixed(1)} ms`,
    `${sample.serverCpuSeconds.toFixed(1)} CPU s`,
    `${sample.peakMb.toFixed(0)} MB`,
    ...(isDisturbed(sample) ? [`disturbed by ${(sample.otherCpu * 100).toFixed(0)} % of a core`] : []),
    ...(sample.failures > 0 ? [`${sample.failures} FAILED`] : []),
  ];
  log(`  ${metric.id} ${contender.name}: ${notes.join(', ')}`);
  return sample;
}

function seriesOf({ id, title, unit }: Metric, rounds: readonly Round[]): Series {
  return { metric: { id, title, unit }, rounds };
}

async function withRegistry(
  contender: Contender,
  directory: string,
  work: (registry: RunningRegistry) => Promise<void>,
): Promise<void> {
  const { registry, stop } = await startOn(contender, directory);
  try {
    await work(registry);
  } finally {
    await stop();
  }
}

/** Starts a registry on an empty directory; `stop` ends it and removes what it stored. */
export async function startOn(contender: Contender, directory: string) {
  const store = join(directory, contender.name);
  mkdirSync(store);
  chmodSync(store, 0o755);
  const registry = await contender.start(store);
  const stop = async () => {
    await registry.stop();
    rmSync(store, { recursive: true, force: true, maxRetries: 3 });
    execFileSync('sync');
    await sleep(SETTLE_MS);
  };
  return { registry, stop };
}
