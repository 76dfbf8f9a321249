import type { LoadClient, LoadResult } from '../client/load-client.ts';
import type { RunningRegistry } from '../registry/contender.ts';

/** How much of everything a run moves. */
export interface Sizes {
  readonly largeBlobBytes: number;
  readonly mediumBlobs: number;
  readonly mediumBlobBytes: number;
  readonly patchBytes: number;
  readonly images: number;
  readonly seconds: number;
  readonly tags: number;
  readonly repositories: number;
  readonly deletions: number;
}

const MIB = 1024 * 1024;

export const FULL_SIZES: Sizes = {
  largeBlobBytes: 1024 * MIB,
  mediumBlobs: 100,
  mediumBlobBytes: 10 * MIB,
  patchBytes: 16 * MIB,
  images: 2000,
  seconds: 10,
  tags: 10_000,
  repositories: 10_000,
  deletions: 10,
};

export const QUICK_SIZES: Sizes = {
  largeBlobBytes: 128 * MIB,
  mediumBlobs: 16,
  mediumBlobBytes: 8 * MIB,
  patchBytes: 16 * MIB,
  images: 200,
  seconds: 1,
  tags: 1000,
  repositories: 500,
  deletions: 5,
};

/** What loads are made of during one scenario. */
export interface Equipment {
  readonly client: LoadClient;
  readonly sizes: Sizes;
  /** A directory in memory for data files and plans. */
  readonly directory: string;
}

/** One figure that registries are compared by; more is better. */
export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly unit: 'MB/s' | 'req/s' | 'images/s';
  /** Sends the load, after fetching whatever token it needs through `prepare`. */
  load(registry: RunningRegistry): Promise<() => Promise<LoadResult>>;
}

/** Metrics that are measured on the same content. */
export interface Scenario {
  readonly id: string;
  /** A `fresh` scenario starts every registry anew on an empty store in every round; a `warm` one keeps them running. */
  readonly store: 'fresh' | 'warm';
  /** Fills a registry, untimed. */
  seed?(registry: RunningRegistry): Promise<void>;
  readonly metrics: readonly Metric[];
}

const VALUE_OF: Readonly<Record<Metric['unit'], (result: LoadResult) => number>> = {
  'MB/s': ({ bytes, seconds }) => bytes / 1e6 / seconds,
  'req/s': ({ requests, seconds }) => requests / seconds,
  'images/s': ({ units, seconds }) => units / seconds,
};

/** A metric's value in its unit. */
export function valueOf(unit: Metric['unit']): (result: LoadResult) => number {
  return VALUE_OF[unit];
}

/** Runs a load that only prepares content; rejects when an answer was not the expected one. */
export async function sendAll(load: Promise<LoadResult>): Promise<void> {
  const { failures } = await load;
  if (failures > 0) throw new Error(`${failures} requests failed while content was prepared`);
}
