import { RegistryError } from '../error.ts';

/** An inclusive interval of bytes inside a blob. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a Range header asks of a blob of a known size. */
export type RangeRequest =
  | { readonly kind: 'all' }
  | { readonly kind: 'unsatisfiable' }
  /** `several` when the client listed more than one range: the answer is then multipart, even with one part (B5). */
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[]; readonly several: boolean };

/** Most ranges served in one answer; lazy-pulling clients ask for up to this many and retry with fewer after a 400. */
const MAX_RANGES = 1024;

const ALL: RangeRequest = { kind: 'all' };
const UNSATISFIABLE: RangeRequest = { kind: 'unsatisfiable' };

/**
 * Reads a Range header (RFC 9110 §14.2) against the blob's size. Another unit than bytes is ignored. Overlapping ranges
 * that together exceed the blob are answered with the whole blob, so that one request never multiplies the traffic.
 */
export function parseRange(header: string | undefined, size: number): RangeRequest {
  if (header === undefined) return ALL;
  const equals = header.indexOf('=');
  if (equals < 0 || header.slice(0, equals).trim().toLowerCase() !== 'bytes') return ALL;
  const specs = header.slice(equals + 1).split(',', MAX_RANGES + 1);
  if (specs.length > MAX_RANGES) {
    throw new RegistryError('RANGE_INVALID', `more than ${MAX_RANGES} ranges in one request`, { status: 400 });
  }
  const ranges: ByteRange[] = [];
  let total = 0;
  for (const spec of specs) {
    const range = parseSpec(spec.trim(), size);
    if (range === 'malformed') return UNSATISFIABLE;
    if (range === null) continue;
    ranges.push(range);
    total += range.end - range.start + 1;
  }
  if (ranges.length === 0) return UNSATISFIABLE;
  if (ranges.length > 1 && total > size) return ALL;
  return { kind: 'ranges', ranges, several: specs.length > 1 };
}

/** One of `a-b`, `a-`, `-n`; null when it lies outside the blob. */
function parseSpec(spec: string, size: number): ByteRange | 'malformed' | null {
  const dash = spec.indexOf('-');
  if (dash < 0) return 'malformed';
  const first = parseCount(spec.slice(0, dash));
  const last = parseCount(spec.slice(dash + 1));
  if (first === null || last === null) return 'malformed';
  if (first === undefined) {
    if (last === undefined) return 'malformed';
    return last === 0 || size === 0 ? null : { start: Math.max(0, size - last), end: size - 1 };
  }
  if (last !== undefined && last < first) return 'malformed';
  if (first >= size) return null;
  return { start: first, end: Math.min(last ?? size - 1, size - 1) };
}

/** A decimal number; undefined for the empty text, null when malformed. Values above 2^53 saturate. */
export function parseCount(text: string): number | undefined | null {
  if (text === '') return undefined;
  if (text.length > 20) return null;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

/**
 * Reads the Content-Range of an upload chunk: `a-b`, inclusive, without a unit (distribution-spec "Pushing a blob in
 * chunks"). Undefined when absent; malformed is refused.
 */
export function parseContentRange(header: string | undefined): ByteRange | undefined {
  if (header === undefined) return undefined;
  const dash = header.indexOf('-');
  const start = dash < 0 ? null : parseCount(header.slice(0, dash));
  const end = dash < 0 ? null : parseCount(header.slice(dash + 1));
  if (typeof start !== 'number' || typeof end !== 'number' || end < start || end === Number.MAX_SAFE_INTEGER) {
    throw new RegistryError('BLOB_UPLOAD_INVALID', 'the Content-Range is malformed: send <first byte>-<last byte>');
  }
  return { start, end };
}
