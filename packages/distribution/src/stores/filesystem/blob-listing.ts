import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { algorithmOf, DIGEST_ALGORITHMS, type Digest, type DigestAlgorithm, hexOf, parseDigest } from '../../digest.ts';
import type { ListedBlob } from '../../ports/index.ts';
import type { StoreLayout } from './layout.ts';
import { errorCode } from './storage-error.ts';

/** Calls to the file system at once. */
const PARALLEL = 8;

/** Blob files after a digest, in the order of digests. Files whose names are none are not blobs and not listed. */
export async function listBlobFiles(
  layout: StoreLayout,
  after: Digest | null,
  limit: number,
): Promise<readonly ListedBlob[]> {
  const found: ListedBlob[] = [];
  for (const algorithm of [...DIGEST_ALGORITHMS].toSorted()) {
    if (after !== null && algorithmOf(after) > algorithm) continue;
    const start = after !== null && algorithmOf(after) === algorithm ? hexOf(after) : '';
    const prefixes = (await names(layout.blobs(algorithm))).filter((prefix) => prefix >= start.slice(0, 2));
    for (const prefix of prefixes) {
      const digests = await digestsIn(layout, algorithm, prefix, start);
      found.push(...(await described(layout, digests.slice(0, limit - found.length))));
      if (found.length >= limit) return found;
    }
  }
  return found;
}

async function digestsIn(
  layout: StoreLayout,
  algorithm: DigestAlgorithm,
  prefix: string,
  start: string,
): Promise<Digest[]> {
  return (await names(join(layout.blobs(algorithm), prefix)))
    .filter((hex) => hex > start && hex.startsWith(prefix))
    .map((hex) => parseDigest(`${algorithm}:${hex}`))
    .filter((digest) => digest !== null);
}

async function described(layout: StoreLayout, digests: readonly Digest[]): Promise<ListedBlob[]> {
  const found: (ListedBlob | undefined)[] = [];
  const queue = [...digests.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [place, digest] = next;
      const stats = await stat(layout.blob(digest)).catch(absent);
      if (stats) found[place] = { digest, size: stats.size, changedAt: stats.mtime };
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return found.filter((blob) => blob !== undefined);
}

async function names(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(absent))?.toSorted() ?? [];
}

/** What goes away while it is listed is not listed. */
function absent(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null;
  throw error;
}
