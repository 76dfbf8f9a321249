import { algorithmOf, type Digest, hexOf } from '@moorage/distribution';

/**
 * How much of all blobs comes up to a digest, from 0 to 1: digests are spread evenly. Those of SHA-512 come last and are few.
 */
function shareUpTo(digest: Digest | null): number {
  if (digest === null) return 0;
  return algorithmOf(digest) === 'sha256' ? Number.parseInt(hexOf(digest).slice(0, 8), 16) / 0x1_0000_0000 : 1;
}

/** Percent of a scrub that is behind it; 100 is said by its end alone. */
export function scrubPercent(position: Digest | null): number {
  return Math.min(99, Math.floor(shareUpTo(position) * 100));
}

/** Percent of a scan that is behind it, first all objects and then all rows; 100 is said by its end alone. */
export function scanPercent(phase: 'objects' | 'rows', after: Digest | null): number {
  return Math.min(99, Math.floor(((phase === 'rows' ? 1 : 0) + shareUpTo(after)) * 50));
}
