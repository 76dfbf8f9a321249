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

/** Of the time work took, this share is left to others before the next, as long as it takes no longer than usual. */
const BREATH = 0.4;
/** Of how long work usually takes, this much is told by the last. */
const LEARNING = 0.1;
/** What takes up to so much longer than usual is usual: batches differ, and smaller ones cost more a blob. */
const TOLERANCE = 1.3;
/** How much slower than usual work is taken for at most. */
const MAX_STRAIN = 4;
/** Into how many parts a batch goes under strain at most. */
const MAX_PARTS = 2;

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

/** How quickly statements are answered: what one blob usually costs, and how much more it cost the last time. */
export interface Strain {
  /** Milliseconds a blob; null before the first batch. */
  readonly usualMs: number | null;
  /** 1: as usual; 2: twice as long; at most 4. */
  readonly times: number;
}

export const NO_STRAIN: Strain = { usualMs: null, times: 1 };

/**
 * What a batch that took so many milliseconds for so many blobs tells: others may be waiting for what it waits for. What
 * stays slow is usual after a while, so that a run always ends.
 */
export function strainAfter(before: Strain, took: number, blobs: number): Strain {
  if (blobs === 0) return before;
  const each = took / blobs;
  const usualMs = before.usualMs ?? each;
  const times = usualMs === 0 ? 1 : each / usualMs;
  return {
    usualMs: usualMs + (Math.min(each, usualMs * MAX_STRAIN) - usualMs) * LEARNING,
    times: times <= TOLERANCE ? 1 : Math.min(MAX_STRAIN, times),
  };
}

/**
 * How many blobs one transaction decides about: fewer while statements take longer than usual, and so that a pace is kept
 * in steps of about a second at most; 0 is no pace.
 */
export function batchFor(blobsPerSecond: number, most: number, strain: Strain = NO_STRAIN): number {
  const calm = Math.ceil(most / Math.min(MAX_PARTS, strain.times));
  return blobsPerSecond === 0 ? calm : Math.min(calm, Math.max(1, Math.floor(blobsPerSecond)));
}

/**
 * Milliseconds to leave to others after a batch that removed some blobs in `took` milliseconds: a share of its time that
 * grows with the square of the strain, and what the pace asks for.
 */
export function pauseAfter(took: number, removed: number, blobsPerSecond: number, strain: Strain = NO_STRAIN): number {
  const breath = took * BREATH * strain.times ** 2;
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
