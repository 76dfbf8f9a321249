import { cpus, release, totalmem } from 'node:os';
import type { Limits } from '../machine/limits.ts';
import type { Series } from '../series.ts';
import type { MemoryResult } from '../workload/memory.ts';
import type { Sizes } from '../workload/workload.ts';

/** Everything one run of the bench found out; the machine-readable result. */
export interface BenchResult {
  readonly date: string;
  readonly quick: boolean;
  readonly sizes: Sizes;
  readonly machine: MachineFacts;
  /** Names with versions, ours first. */
  readonly registries: readonly { readonly name: string; readonly title: string }[];
  readonly limits: Limits;
  readonly series: readonly Series[];
  readonly memory: MemoryResult | null;
}

interface MachineFacts {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
}

export function machineFacts(): MachineFacts {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    kernel: release().split('-')[0] ?? '',
    node: process.versions.node,
  };
}
