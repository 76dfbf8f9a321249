import type { getGC, ResponseOf, Task } from '@moorage/contracts';
import { isOpen } from '../../shared/job/job-state.rules.ts';

/** One collection of garbage. */
export type Collection = ResponseOf<typeof getGC>;

/** What a collection was asked to do and what it did; null where it has not said yet. */
export interface CollectionFacts {
  readonly dryRun: boolean;
  readonly untagged: boolean;
  readonly freed: number | null;
  readonly blobs: number | null;
  readonly manifests: number | null;
  /** Blobs looked at. */
  readonly scanned: number | null;
}

/** What a collection under way has done so far, or with a dry run would do. */
export interface CollectionTally {
  readonly scanned: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly links: number;
  /** From 0 to 1; null before it begins. */
  readonly share: number | null;
}

/** Reads parameters and results, which the wire carries as JSON text (GC-4). */
export function collectionFacts(collection: Pick<Collection, 'job_parameters'>): CollectionFacts {
  const facts = objectOf(collection.job_parameters);
  const number = (key: string) => {
    const value = facts[key];
    return typeof value === 'number' ? value : null;
  };
  return {
    dryRun: facts.dry_run === true,
    untagged: facts.delete_untagged === true,
    freed: number('freed_space'),
    blobs: number('purged_blobs'),
    manifests: number('purged_manifests'),
    scanned: number('scanned_blobs'),
  };
}

type CollectionTask = Pick<Task, 'job' | 'status' | 'extra_attrs'>;

const SWEEP = 'garbage.sweep';
const SHA256 = '12';

/** Sums what the tasks of a collection report while they run, in the order of their ids. */
export function tallyOf(tasks: readonly CollectionTask[]): CollectionTally {
  const sum = (key: string) =>
    tasks.reduce((total, { extra_attrs: facts }) => total + (typeof facts[key] === 'number' ? facts[key] : 0), 0);
  return {
    scanned: sum('scanned'),
    blobs: sum('blobs'),
    bytes: sum('bytes'),
    links: sum('links'),
    share: shareOf(tasks.filter(({ job }) => job === SWEEP)),
  };
}

/**
 * How much of the digests is behind the tasks: each goes through an equal part of them, and they are spread evenly.
 * Those of SHA-512 come last and are few.
 */
function shareOf(sweeps: readonly CollectionTask[]): number | null {
  if (sweeps.length === 0) return null;
  const done = sweeps.map(({ status, extra_attrs: { positions } }, part) => {
    if (!isOpen(status)) return 1;
    const at = Array.isArray(positions) ? positions.find((text) => String(text).startsWith(SHA256)) : undefined;
    if (typeof at !== 'string') return 0;
    const place = Number.parseInt(at.slice(2, 10).padEnd(8, '0'), 16) / 0x1_0000_0000;
    return Math.min(1, Math.max(0, place * sweeps.length - part));
  });
  return done.reduce((total, share) => total + share, 0) / sweeps.length;
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
