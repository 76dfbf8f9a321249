/** Digests as their columns hold them, from one (inclusive) to another (exclusive); `to` is null for exactly `from`. */
export interface DigestRange {
  readonly from: Buffer;
  readonly to: Buffer | null;
}

const ALGORITHMS: Readonly<Record<string, { byte: number; digits: number }>> = {
  sha256: { byte: 0x12, digits: 64 },
  sha512: { byte: 0x13, digits: 128 },
};
const MIN_DIGITS = 4;

/** Reads a digest, or with `isPrefix` its first digits; the algorithm may be left out for sha256. Null for anything else. */
export function digestRange(text: string, isPrefix: boolean): DigestRange | null {
  const match = /^(?:(sha256|sha512):)?([0-9a-fA-F]{4,128})$/.exec(text);
  const algorithm = match && ALGORITHMS[match[1] ?? 'sha256'];
  const digits = match?.[2]?.toLowerCase() ?? '';
  if (!algorithm || digits.length < MIN_DIGITS || digits.length > algorithm.digits) return null;
  const bound = (fill: string) =>
    Buffer.from(`${algorithm.byte.toString(16)}${digits.padEnd(algorithm.digits, fill)}`, 'hex');
  if (digits.length === algorithm.digits) return { from: bound('0'), to: null };
  // Nothing is longer than a digest: one byte more than the last of the range ends it.
  return isPrefix ? { from: bound('0'), to: Buffer.concat([bound('f'), Buffer.of(0)]) } : null;
}
