import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult } from '../client/load-client.ts';
import { CpuMoment, peakResidentMb, resetPeak } from './processes.ts';

/** One measured run of one registry. */
export interface Sample {
  /** In the unit of its metric. */
  readonly value: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
  readonly bytes: number;
  readonly failures: number;
  /** Processor seconds of the server with everything it started. */
  readonly serverCpuSeconds: number;
  /** Largest resident size of the process that serves requests. */
  readonly peakMb: number;
  /** Processor time of programs that have nothing to do with the run, as a share of one core. */
  readonly otherCpu: number;
}

export interface Measured {
  /** The process that started the server. */
  readonly rootPid: number;
  /** The process that serves requests. */
  readonly servingPid: number;
}

const CALM_SHARE = 0.1;
const CALM_TRIES = 6;

/** Waits, a few seconds at most, until no other program uses the machine. */
async function untilCalm(): Promise<void> {
  for (let attempt = 0; attempt < CALM_TRIES; attempt++) {
    const before = new CpuMoment();
    await sleep(500);
    const after = new CpuMoment();
    const share = (after.outside(process.pid) - before.outside(process.pid)) / ((after.at - before.at) / 1000);
    if (share <= CALM_SHARE) return;
  }
}

/** Runs a load and takes what the machine spent on it. */
export async function measure(
  { rootPid, servingPid }: Measured,
  load: () => Promise<LoadResult>,
  valueOf: (result: LoadResult) => number,
): Promise<Sample> {
  await untilCalm();
  resetPeak(servingPid);
  const before = new CpuMoment();
  const result = await load();
  const after = new CpuMoment();
  const other = after.outside(process.pid) - before.outside(process.pid);
  return {
    value: valueOf(result),
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    requests: result.requests,
    bytes: result.bytes,
    failures: result.failures,
    serverCpuSeconds: after.ofTree(rootPid) - before.ofTree(rootPid),
    peakMb: peakResidentMb(servingPid),
    otherCpu: Math.max(0, other / ((after.at - before.at) / 1000)),
  };
}
