import { algorithmOf, type Digest, hexOf } from '@moorage/distribution';

/** The leading byte of a stored digest, as `digest_bytes` in the schema writes it. */
const PREFIX = { sha256: '12', sha512: '13' } as const;

/** A digest as its column holds it: one algorithm byte and the raw value. */
export function digestBytes(digest: Digest): Buffer {
  return Buffer.from(PREFIX[algorithmOf(digest)] + hexOf(digest), 'hex');
}

/**
 * A digest from `encode(column, 'hex')`. Statements select digests this way, because it costs the server and the driver
 * less than either `digest_text` or a bytea result.
 */
export function digestFromHex(hex: string): Digest {
  return `${hex.startsWith(PREFIX.sha256) ? 'sha256' : 'sha512'}:${hex.slice(2)}` as Digest;
}
