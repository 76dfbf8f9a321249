import type { GcParameters } from '@moorage/contracts';

/** What a collection is asked to do. */
export interface CollectionPlan {
  /** Also removes artifacts without tags, which go to the trash. */
  readonly deleteUntagged: boolean;
  /** Changes nothing and says what would go. */
  readonly dryRun: boolean;
  /** Tasks that look through a part of the digests each, side by side. */
  readonly workers: number;
}

/** One part of a collection, of as many as it has workers. */
export interface CollectionPart {
  readonly part: number;
  readonly workers: number;
  readonly dryRun: boolean;
}

/** The plan of parameters of the wire; what is absent is as Harbor has it (GC-4). */
export function planOf(parameters: GcParameters): CollectionPlan {
  return {
    deleteUntagged: parameters?.delete_untagged ?? true,
    dryRun: parameters?.dry_run ?? false,
    workers: parameters?.workers ?? 1,
  };
}

/** Of the time a batch took, this share is left to others before the next. */
const BREATH = 0.25;

const MIN_ASIDE_SECONDS = 30;
const MAX_ASIDE_SECONDS = 600;

/**
 * How long bytes stay aside before they are given up: longer than anybody who has sealed an upload can take to store its
 * link, which a statement's time limit ends.
 */
export function asideSeconds(graceSeconds: number): number {
  return Math.min(MAX_ASIDE_SECONDS, Math.max(MIN_ASIDE_SECONDS, graceSeconds));
}

/** A part of all digests as their column holds them: after `after`, and before `before` when that is set. */
export interface DigestRange {
  readonly after: Buffer;
  readonly before: Buffer;
}

/** The algorithm bytes of a digest column, in order, with what follows the last. */
const ALGORITHMS = [0x12, 0x13] as const;

/** What one part goes through: its share of the digests of each algorithm, which are spread evenly. */
export function rangesOf({ part, workers }: Pick<CollectionPart, 'part' | 'workers'>): DigestRange[] {
  const edge = (algorithm: number, at: number) =>
    at === workers ? Buffer.from([algorithm + 1]) : Buffer.from([algorithm, Math.floor((at * 256) / workers)]);
  return ALGORITHMS.map((algorithm) => ({
    after: part === 0 ? Buffer.from([algorithm]) : edge(algorithm, part),
    before: edge(algorithm, part + 1),
  }));
}

/** How many blobs one transaction decides about, so that a pace is kept in steps of about a second at most; 0 is no pace. */
export function batchFor(blobsPerSecond: number, most: number): number {
  return blobsPerSecond === 0 ? most : Math.min(most, Math.max(1, Math.floor(blobsPerSecond)));
}

/**
 * Milliseconds to leave to others after a batch that removed some blobs in `took` milliseconds: a share of its time, and what
 * the pace asks for.
 */
export function pauseAfter(took: number, removed: number, blobsPerSecond: number): number {
  const breath = took * BREATH;
  return blobsPerSecond === 0 ? breath : Math.max(breath, (removed * 1000) / blobsPerSecond - took);
}

/** What is known of a blob when it is decided about; everything as committed, under the lock of its row. */
export interface BlobFacts {
  /** Seconds since its lease was renewed. */
  readonly age: number;
  /** Its links, and whether a manifest of that repository needs the blob. */
  readonly links: readonly { readonly needed: boolean }[];
  /** Items of the trash that need it. */
  readonly trashItems: number;
}

/** What goes of a blob: links that nothing needs, and then, when nothing is left, the blob itself. The statements decide the same. */
export function decideBlob(facts: BlobFacts, collectableAfter: number): { links: number; blob: boolean } {
  if (facts.age <= collectableAfter) return { links: 0, blob: false };
  const unneeded = facts.links.filter(({ needed }) => !needed).length;
  return { links: unneeded, blob: unneeded === facts.links.length && facts.trashItems === 0 };
}

/** Bytes as people read them. */
export function inUnits(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
