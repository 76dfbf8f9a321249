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
  };
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
