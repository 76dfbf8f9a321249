import { randomBytes } from 'node:crypto';
import { type Digest, parseDigest } from '../digest.ts';
import { RegistryError } from '../error.ts';
import { type Answer, emptyAnswer, IMMUTABLE, NO_STORE } from './answer.ts';
import { BlobBody, type BlobSegment, collectSegments, isOpen } from './blob-body.ts';
import { clientHas, entityTag, rangeApplies } from './conditional.ts';
import { type ByteRange, parseRange, type RangeRequest } from './range.ts';
import { changeContext, type Grant, type Visit } from './visit.ts';

const OCTETS = 'application/octet-stream';

interface BlobRoute {
  readonly digest: string;
}

/** Reads a digest from a path or parameter; malformed or of an unknown algorithm is refused. */
export function requireDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest) return digest;
  throw new RegistryError('DIGEST_INVALID', 'the digest is malformed: use sha256 or sha512 with lower-case hex digits');
}

/** HEAD of a blob: answered from metadata alone (B1). */
export async function headBlob(visit: Visit, route: BlobRoute, grant: Grant): Promise<Answer> {
  const digest = requireDigest(route.digest);
  const size = await visit.service.operations.findBlob(grant.repository, digest);
  if (clientHas(visit.message, digest)) return emptyAnswer(304, describe(digest));
  return { status: 200, headers: ['Content-Type', OCTETS, ...describe(digest)], length: size };
}

/** GET of a blob, whole or in ranges (B1–B8). */
export async function getBlob(visit: Visit, route: BlobRoute, grant: Grant): Promise<Answer> {
  const { operations, settings } = visit.service;
  const digest = requireDigest(route.digest);
  const size = await operations.findBlob(grant.repository, digest);
  if (clientHas(visit.message, digest)) return emptyAnswer(304, describe(digest));
  const range = rangeApplies(visit.message, digest) ? visit.message.headers.range : undefined;
  const request = parseRange(range, size);
  if (request.kind === 'unsatisfiable') {
    throw new RegistryError('RANGE_INVALID', 'the blob has no such range', {
      headers: ['Content-Range', `bytes */${size}`],
    });
  }
  if (settings.redirectSeconds !== undefined) {
    const url = await operations.blobUrl(digest, settings.redirectSeconds);
    if (url)
      return emptyAnswer(307, ['Location', url.href, 'Docker-Content-Digest', digest, 'Cache-Control', NO_STORE]);
  }
  const layout = layOut(request, size);
  const content = await operations.openBlob(digest, size);
  return {
    status: layout.status,
    headers: [...layout.headers, ...describe(digest)],
    body: isOpen(content)
      ? new BlobBody(content.handle, layout.segments, settings.download)
      : collectSegments(content.bytes, layout.segments),
  };
}

export async function deleteBlob(visit: Visit, route: BlobRoute, grant: Grant): Promise<Answer> {
  const digest = requireDigest(route.digest);
  await visit.service.operations.deleteBlob(changeContext(visit, grant), digest);
  return emptyAnswer(202, ['Docker-Content-Digest', digest]);
}

function describe(digest: Digest): string[] {
  return [
    'Docker-Content-Digest',
    digest,
    'ETag',
    entityTag(digest),
    'Accept-Ranges',
    'bytes',
    'Cache-Control',
    IMMUTABLE,
  ];
}

interface Layout {
  readonly status: 200 | 206;
  readonly headers: readonly string[];
  readonly segments: readonly BlobSegment[];
}

function layOut(request: Exclude<RangeRequest, { kind: 'unsatisfiable' }>, size: number): Layout {
  if (request.kind === 'all') {
    return {
      status: 200,
      headers: ['Content-Type', OCTETS],
      segments: size === 0 ? [] : [{ start: 0, end: size - 1 }],
    };
  }
  const [first] = request.ranges;
  if (!request.several && first) {
    return {
      status: 206,
      headers: ['Content-Type', OCTETS, 'Content-Range', contentRange(first, size)],
      segments: [first],
    };
  }
  return layOutParts(request.ranges, size);
}

/** One part per range in the order asked for, never merged: clients count the parts (B5). */
function layOutParts(ranges: readonly ByteRange[], size: number): Layout {
  const boundary = randomBytes(15).toString('hex');
  const segments: BlobSegment[] = [];
  let lead = '';
  for (const range of ranges) {
    const head = `${lead}--${boundary}\r\nContent-Type: ${OCTETS}\r\nContent-Range: ${contentRange(range, size)}\r\n\r\n`;
    segments.push(Buffer.from(head), range);
    lead = '\r\n';
  }
  segments.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return { status: 206, headers: ['Content-Type', `multipart/byteranges; boundary=${boundary}`], segments };
}

function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.end}/${size}`;
}
