import { checkRepositoryName, checkTagName } from '@moorage/contracts';
import { type Digest, parseDigest } from '@moorage/distribution';

/** Where a copy comes from. */
export interface CopySource {
  readonly project: string;
  /** After the project. */
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** A manifest that a copy takes along. */
export interface CopiedManifest {
  readonly digest: Digest;
  /** Levels of indexes below. */
  readonly depth: number;
  readonly isRoot: boolean;
}

/** Reads `project/repository:tag` or `project/repository@digest`; null for anything else. */
export function parseCopySource(text: string): CopySource | null {
  const at = text.indexOf('@');
  const colon = text.lastIndexOf(':');
  const end = at >= 0 ? at : colon > text.lastIndexOf('/') ? colon : -1;
  const slash = text.indexOf('/');
  if (end < 0 || slash <= 0 || slash > end) return null;
  const [project, repository, reference] = [text.slice(0, slash), text.slice(slash + 1, end), text.slice(end + 1)];
  const isReference = at >= 0 ? parseDigest(reference) !== null : checkTagName(reference) === null;
  return isReference && checkRepositoryName(repository) === null ? { project, repository, reference } : null;
}

/** Parts before the index that names them, accessories before their subject becomes visible by its tags, the root last. */
export function inCopyOrder<T extends CopiedManifest>(manifests: readonly T[]): T[] {
  return [...manifests].sort((a, b) => Number(a.isRoot) - Number(b.isRoot) || a.depth - b.depth);
}

/** Tags by which clients find an accessory of that digest: `sha256-<hex>.sig` and the like. They go along with it. */
export function isAccessoryTag(tag: string): boolean {
  return /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{128})\.[a-z]{1,16}$/.test(tag);
}
