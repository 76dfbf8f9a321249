import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GarbageResult } from './garbage/result.ts';
import { runGarbage } from './garbage/garbage.ts';
import { programPath } from '@moorage/testing';
import { LoadClient } from './client/load-client.ts';
import { probeEnvironment } from './machine/loop-delay.ts';
import type { ListResult } from './lists/result.ts';
import { runLists } from './lists/lists.ts';
import { FULL_WORLD, QUICK_WORLD } from './lists/world.ts';
import { measureLimits } from './machine/limits.ts';
import type { Options } from './options.ts';
import { engine, product } from './registry/moorage.ts';
import { findPeers } from './registry/peers.ts';
import { type BenchResult, machineFacts } from './report/result.ts';
import { runScenario, type Series, startOn } from './series.ts';
import { runPortal } from './portal/portal.ts';
import type { PortalResult } from './portal/result.ts';
import type { RetentionResult } from './retention/result.ts';
import { runRetention } from './retention/retention.ts';
import type { TokenResult } from './token/result.ts';
import { runTokens } from './token/tokens.ts';
import { blobScenarios } from './workload/blobs.ts';
import { imageScenarios } from './workload/images.ts';
import { type MemoryResult, runMemory } from './workload/memory.ts';
import { requestScenarios } from './workload/requests.ts';
import { type Equipment, FULL_SIZES, QUICK_SIZES, type Scenario, type Sizes } from './workload/workload.ts';

/** Where files live that only clients use, so that reading them costs the disk nothing. */
const IN_MEMORY = '/dev/shm';

/** Runs the workloads and returns what they showed. Removes every file it made. */
export async function runBench(options: Options, log: (line: string) => void): Promise<BenchResult> {
  const stores = mkdtempSync(join(options.directory ?? tmpdir(), 'moorage-bench-'));
  const directory = mkdtempSync(join(IN_MEMORY, 'moorage-bench-'));
  try {
    const client = await LoadClient.compile(directory);
    const equipment: Equipment = { client, sizes: sizesOf(options), directory };
    const ours = options.engine ? engine() : product();
    const contenders = [ours, ...findPeers(log)];
    const limits = await measureLimits(client, stores, equipment.sizes.largeBlobBytes);
    const series: Series[] = [];
    for (const scenario of chosen(equipment, options.only)) {
      const { rounds, mostRounds } = options;
      series.push(...(await runScenario(scenario, { contenders, rounds, mostRounds, directory: stores, log })));
    }
    const memory = wants(options.only, 'memory') ? await memoryRun(client, options, { stores, directory, log }) : null;
    const tokens = await tokenRun(equipment, options, { stores, log });
    const retention = await retentionRun(options, options.quick ? 10_000 : 100_000, { stores, log });
    const lists = await listRun(client, options, { stores, log });
    const garbage = await garbageRun(options, options.quick ? 20_000 : 1_000_000, { stores, log });
    const portal = await portalRun(options, { stores, log });
    const date = new Date().toISOString();
    return {
      date,
      quick: options.quick,
      sizes: equipment.sizes,
      machine: machineFacts(),
      registries: contenders.map(({ name, title }) => ({ name, title })),
      limits,
      series: series.map((one) => ({ ...one, date, seconds: equipment.sizes.seconds })),
      memory: memory && { ...memory, date },
      tokens: tokens && { ...tokens, date },
      retention: retention && { ...retention, date },
      lists: lists && { ...lists, date },
      garbage: garbage && { ...garbage, date },
      portal: portal && { sizes: portal, date },
    };
  } finally {
    for (const made of [stores, directory]) rmSync(made, { recursive: true, force: true, maxRetries: 3 });
  }
}

function sizesOf({ quick, sizes }: Options): Sizes {
  const usual = quick ? QUICK_SIZES : FULL_SIZES;
  return {
    ...usual,
    seconds: sizes.seconds ?? usual.seconds,
    images: sizes.images ?? usual.images,
    tags: sizes.tags ?? usual.tags,
    repositories: sizes.repositories ?? usual.repositories,
  };
}

function chosen(equipment: Equipment, only: readonly string[]): readonly Scenario[] {
  return [blobScenarios, imageScenarios, requestScenarios].flatMap((scenarios) => {
    const all = scenarios(equipment);
    return all.flatMap((scenario) => {
      if (wants(only, scenario.id)) return [scenario];
      const metrics = scenario.metrics.filter(({ id }) => only.includes(id));
      return metrics.length > 0 ? [{ ...scenario, metrics }] : [];
    });
  });
}

function wants(only: readonly string[], name: string): boolean {
  return only.length === 0 || only.includes(name);
}

/** The engine alone knows nobody, so it issues no tokens. */
async function tokenRun(
  { client, sizes }: Equipment,
  { only, engine: isEngine }: Options,
  { stores, log }: Pick<MemoryPlace, 'stores' | 'log'>,
): Promise<TokenResult | null> {
  if (isEngine || !wants(only, 'tokens')) return null;
  log('tokens: token requests by every kind of credential');
  return runTokens({ client, seconds: sizes.seconds, stores, log });
}

async function retentionRun(
  { only, engine: isEngine }: Options,
  tags: number,
  { stores, log }: Pick<MemoryPlace, 'stores' | 'log'>,
): Promise<RetentionResult | null> {
  if (isEngine || !wants(only, 'retention')) return null;
  log(`retention: previews over ${tags} tags`);
  return runRetention({ tags, stores, log });
}

async function listRun(
  client: LoadClient,
  { only, engine: isEngine, quick }: Options,
  { stores, log }: Pick<MemoryPlace, 'stores' | 'log'>,
): Promise<ListResult | null> {
  if (isEngine || !wants(only, 'lists')) return null;
  const world = quick ? QUICK_WORLD : FULL_WORLD;
  log(`lists: pages of lists beside ${world.artifacts} artifacts and beside a hundredth of them`);
  return runLists({ client, world, rounds: quick ? 3 : 7, stores, log });
}

async function garbageRun(
  { only, engine: isEngine }: Options,
  blobs: number,
  { stores, log }: Pick<MemoryPlace, 'stores' | 'log'>,
): Promise<GarbageResult | null> {
  if (isEngine || !wants(only, 'gc')) return null;
  log(`gc: collections of ${blobs} blobs`);
  return runGarbage({ blobs, stores, log });
}

/** The tags pages of a small and a large repository in a browser. */
async function portalRun(
  { only, engine: isEngine, quick }: Options,
  { stores, log }: Pick<MemoryPlace, 'stores' | 'log'>,
): Promise<PortalResult[] | null> {
  if (isEngine || !wants(only, 'portal')) return null;
  if (programPath('chromium') === null) {
    log('portal: left out, chromium is not installed');
    return null;
  }
  return runPortal({ sizes: quick ? [10_000] : [10_000, 100_000], stores, log });
}

interface MemoryPlace {
  readonly stores: string;
  readonly directory: string;
  readonly log: (line: string) => void;
}

async function memoryRun(
  client: LoadClient,
  options: Options,
  { stores, directory, log }: MemoryPlace,
): Promise<MemoryResult | null> {
  if (options.memoryBytes === 0) return null;
  const loopFile = join(stores, 'loop.json');
  const environment = probeEnvironment(loopFile);
  const { registry, stop } = await startOn(options.engine ? engine(environment) : product(environment), stores);
  try {
    const result = await runMemory(registry, { client, bytes: options.memoryBytes, directory, loopFile });
    log(
      `memory: idle ${result.idleMb.toFixed(0)} MB, peak ${result.sample.peakMb.toFixed(0)} MB, event loop p99 ${result.loop.p99Ms.toFixed(1)} ms, longest ${result.loop.maxMs.toFixed(0)} ms, ${result.sample.value.toFixed(0)} MB/s, ${result.sample.failures} failed`,
    );
    return result;
  } finally {
    await stop();
  }
}
