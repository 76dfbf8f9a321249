import type { getGC, ResponseOf } from '@moorage/contracts';

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

/** Reads what the task of a collection reports while it runs. */
export function tallyOf(facts: Readonly<Record<string, unknown>>): CollectionTally {
  const number = (key: string) => (typeof facts[key] === 'number' ? facts[key] : 0);
  const positions = Array.isArray(facts.positions) ? facts.positions.filter((text) => typeof text === 'string') : [];
  return {
    scanned: number('scanned'),
    blobs: number('blobs'),
    bytes: number('bytes'),
    links: number('links'),
    share: shareOf(positions),
  };
}

const SHA256 = '12';

/**
 * How much of the digests is behind the positions: each worker goes through an equal part of them, and they are spread
 * evenly. Those of SHA-512 come last and are few.
 */
function shareOf(positions: readonly string[]): number | null {
  const parts = positions.filter((position) => position.startsWith(SHA256));
  if (parts.length === 0) return null;
  const done = parts.map((position, part) => {
    const place = Number.parseInt(position.slice(2, 10).padEnd(8, '0'), 16) / 0x1_0000_0000;
    return Math.min(1, Math.max(0, place * parts.length - part));
  });
  return done.reduce((sum, share) => sum + share, 0) / parts.length;
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
