import type { GcParameters } from '@moorage/contracts';

/** What a collection is asked to do. */
export interface CollectionPlan {
  /** Also removes artifacts without tags, which go to the trash. */
  readonly deleteUntagged: boolean;
  /** Changes nothing and says what would go. */
  readonly dryRun: boolean;
  /** Parts of the digests that are looked through side by side. */
  readonly workers: number;
}

/** The plan of parameters of the wire; what is absent is as Harbor has it (GC-4). */
export function planOf(parameters: GcParameters): CollectionPlan {
  return {
    deleteUntagged: parameters?.delete_untagged ?? true,
    dryRun: parameters?.dry_run ?? false,
    workers: parameters?.workers ?? 1,
  };
}

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

/** Cuts the digests of each algorithm into as many ranges as there are workers; digests are spread evenly. */
export function digestRanges(workers: number): DigestRange[] {
  const edge = (algorithm: number, part: number) =>
    part === workers ? Buffer.from([algorithm + 1]) : Buffer.from([algorithm, Math.floor((part * 256) / workers)]);
  return ALGORITHMS.flatMap((algorithm) =>
    Array.from({ length: workers }, (_, part) => ({
      after: part === 0 ? Buffer.from([algorithm]) : edge(algorithm, part),
      before: edge(algorithm, part + 1),
    })),
  );
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
