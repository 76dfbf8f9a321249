import { cpus, release, totalmem } from 'node:os';
import type { ListResult } from '../lists/result.ts';
import type { Limits } from '../machine/limits.ts';
import type { PortalResult } from '../portal/result.ts';
import type { RetentionResult } from '../retention/result.ts';
import type { Series } from '../series.ts';
import type { GarbageResult } from '../garbage/result.ts';
import type { TokenResult } from '../token/result.ts';
import type { MemoryResult } from '../workload/memory.ts';
import type { Sizes } from '../workload/workload.ts';

/** A series with the circumstances under which it was measured. */
export interface DatedSeries extends Series {
  /** ISO 8601, when its run ended. */
  readonly date: string;
  /** How long requests of one kind were sent in each round. */
  readonly seconds: number;
}

/** What one run of the bench found out, or several runs merged; the machine-readable result. */
export interface BenchResult {
  /** ISO 8601, when the last run ended. */
  readonly date: string;
  readonly quick: boolean;
  readonly sizes: Sizes;
  readonly machine: MachineFacts;
  /** Names with versions, ours first. */
  readonly registries: readonly { readonly name: string; readonly title: string }[];
  readonly limits: Limits;
  readonly series: readonly DatedSeries[];
  readonly memory: DatedMemory | null;
  /** Absent in results of times before it was measured. */
  readonly tokens?: DatedTokens | null;
  readonly retention?: DatedRetention | null;
  readonly lists?: DatedLists | null;
  readonly garbage?: DatedGarbage | null;
  readonly portal?: DatedPortal | null;
}

export type DatedMemory = MemoryResult & { readonly date: string };

export type DatedTokens = TokenResult & { readonly date: string };

export type DatedLists = ListResult & { readonly date: string };

export type DatedGarbage = GarbageResult & { readonly date: string };

export type DatedRetention = RetentionResult & { readonly date: string };

export interface DatedPortal {
  readonly sizes: readonly PortalResult[];
  readonly date: string;
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
