import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFile } from '../client/data-file.ts';
import type { LoadClient } from '../client/load-client.ts';
import { Plan } from '../client/plan.ts';
import { type LoopDelay, readLoopDelay, resetLoopDelay } from '../machine/loop-delay.ts';
import { measure, type Sample } from '../machine/measure.ts';
import { peakResidentMb, resetPeak } from '../machine/processes.ts';
import { PROJECT, type RunningRegistry } from '../registry/contender.ts';
import { sendAll } from './workload.ts';

const REPOSITORY = `${PROJECT}/memory`;
const CONNECTIONS = 32;
const MIB = 1024 * 1024;
/** Blobs of these sizes in turn. */
const BLOB_MIB = [1, 10, 100];
const IDLE_MS = 5000;

/** What a registry holds in memory and how responsive it stays while it moves many bytes both ways. */
export interface MemoryResult {
  readonly bytes: number;
  readonly idleMb: number;
  readonly sample: Sample;
  readonly loop: LoopDelay;
}

export interface MemoryRun {
  readonly client: LoadClient;
  readonly bytes: number;
  /** In memory. */
  readonly directory: string;
  /** Where the registry writes its loop's delay. */
  readonly loopFile: string;
}

/** Pushes and pulls `bytes` in all, half each, on 32 connections, in blobs of 1, 10 and 100 MiB. */
export async function runMemory(registry: RunningRegistry, run: MemoryRun): Promise<MemoryResult> {
  resetPeak(registry.servingPid);
  await sleep(IDLE_MS);
  const idleMb = peakResidentMb(registry.servingPid);
  const { plan, seed, data } = plans(run);
  const headers = await registry.authorize({ repositories: [REPOSITORY] });
  const settings = { port: registry.port, headers, connections: CONNECTIONS, data };
  await sendAll(run.client.run(seed, settings));
  resetLoopDelay(registry.servingPid);
  const sample = await measure(
    registry,
    () => run.client.run(plan, settings),
    ({ bytes, seconds }) => bytes / 1e6 / seconds,
  );
  await sleep(1000);
  return { bytes: run.bytes, idleMb, sample, loop: readLoopDelay(run.loopFile) };
}

/** A seed of one blob per size that is pulled again and again, and pushes of new blobs between the pulls. */
function plans({ bytes, directory }: MemoryRun): { plan: Plan; seed: Plan; data: string } {
  const data = new DataFile(join(directory, 'memory.bin'), 'memory');
  const seed = new Plan();
  const pulled = BLOB_MIB.map((size) => data.addNoise(size * MIB));
  for (const blob of pulled) seed.unit().push(REPOSITORY, blob);
  const plan = new Plan();
  let left = bytes;
  for (let turn = 0; left > 0; turn++) {
    const size = (BLOB_MIB[turn % BLOB_MIB.length] ?? 1) * MIB;
    const blob = pulled[turn % pulled.length];
    plan.unit().push(REPOSITORY, data.addNoise(size));
    if (blob) plan.unit().get(`/v2/${REPOSITORY}/blobs/${blob.digest}`);
    left -= 2 * size;
  }
  data.close();
  return { plan, seed, data: data.path };
}
