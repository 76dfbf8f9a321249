import type { Digest } from '@moorage/distribution';

/** A manifest that a copy takes along. */
export interface CopiedManifest {
  readonly digest: Digest;
  /** Levels of indexes below. */
  readonly depth: number;
  readonly isRoot: boolean;
}

/** Parts before the index that names them, accessories before their subject becomes visible by its tags, the root last. */
export function inCopyOrder<T extends CopiedManifest>(manifests: readonly T[]): T[] {
  return [...manifests].sort((a, b) => Number(a.isRoot) - Number(b.isRoot) || a.depth - b.depth);
}

/** Tags by which clients find what belongs to that digest: `sha256-<hex>`, `sha256-<hex>.sig` and the like. They go along with it. */
export function isAccessoryTag(tag: string): boolean {
  return /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64}(?:[0-9a-f]{64})?)(?:\.[a-z]{1,16})?$/.test(tag);
}
