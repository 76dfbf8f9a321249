import type { IncomingMessage } from 'node:http';
import { type Digest, parseDigest } from '../digest.ts';
import { RegistryError } from '../error.ts';
import type { NewManifest } from '../ports/index.ts';

/** The strong entity tag of content behind a digest. */
export function entityTag(digest: Digest): string {
  return `"${digest}"`;
}

/** Tells whether If-None-Match lists this content, quoted or not (P12): the client has it already. */
export function clientHas(message: IncomingMessage, digest: Digest): boolean {
  const header = message.headers['if-none-match'];
  if (header === undefined) return false;
  return header.trim() === '*' || digestsIn(header).includes(digest);
}

/** Tells whether a Range header applies: without If-Range, or when If-Range names exactly this content (B7). */
export function rangeApplies(message: IncomingMessage, digest: Digest): boolean {
  const header = message.headers['if-range'];
  return typeof header !== 'string' || header.trim() === entityTag(digest);
}

/** The condition of a manifest push, from If-None-Match: * and If-Match (P12). */
export function pushCondition(message: IncomingMessage): NewManifest['onlyIf'] {
  if (message.headers['if-none-match']?.trim() === '*') return 'absent';
  const header = message.headers['if-match'];
  if (header === undefined) return undefined;
  const digests = digestsIn(header);
  if (digests.length > 0) return digests;
  throw new RegistryError('UNSUPPORTED', 'If-Match must name digests', { status: 400 });
}

function digestsIn(header: string): Digest[] {
  const digests: Digest[] = [];
  for (const part of header.split(',')) {
    let text = part.trim();
    if (text.startsWith('W/')) text = text.slice(2);
    if (text.startsWith('"') && text.endsWith('"')) text = text.slice(1, -1);
    const digest = parseDigest(text);
    if (digest) digests.push(digest);
  }
  return digests;
}
