import { createHash, type Hash } from 'node:crypto';

declare const brand: unique symbol;
/** A content digest `algorithm:hex`, validated by {@link parseDigest}; only registered algorithms exist as values. */
export type Digest = string & { readonly [brand]: 'Digest' };

export const DIGEST_ALGORITHMS = ['sha256', 'sha512'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

const HEX_LENGTH: Record<DigestAlgorithm, number> = { sha256: 64, sha512: 128 };

/** Returns the digest when `text` is a well-formed sha256 or sha512 digest (lower-case hex, exact length), else null. */
export function parseDigest(text: string): Digest | null {
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  const length = HEX_LENGTH[text.slice(0, colon) as DigestAlgorithm];
  if (length === undefined || text.length !== colon + 1 + length) return null;
  for (let index = colon + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return null;
  }
  return text as Digest;
}

/** The algorithm of a valid digest. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.slice(0, digest.indexOf(':')) as DigestAlgorithm;
}

/** The lower-case hex value of a valid digest. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** Digest of bytes held in memory; meant for manifests and other content of at most a few MiB. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

/** Reads the digest out of a finished hash of that algorithm. */
export function digestFrom(hash: Hash, algorithm: DigestAlgorithm): Digest {
  return `${algorithm}:${hash.digest('hex')}` as Digest;
}
