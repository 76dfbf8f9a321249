import { PassThrough, Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { BlobHandle } from '@moorage/distribution';
import { extract } from 'tar-stream';

/** How far an archive that somebody pushed is read. Real charts have a few hundred kilobytes. */
export interface ArchiveLimits {
  /** Of the blob as it is stored. */
  readonly storedBytes: number;
  /** Of what comes out of the decompressor. */
  readonly bytes: number;
  /** Decompressed bytes for each stored one, once more than a mebibyte came out. */
  readonly ratio: number;
  readonly entries: number;
  readonly pathLength: number;
  /** Of one wanted file; larger ones are not taken. */
  readonly fileBytes: number;
  readonly milliseconds: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  storedBytes: 64 * 1024 * 1024,
  bytes: 256 * 1024 * 1024,
  ratio: 200,
  entries: 20_000,
  pathLength: 1024,
  fileBytes: 1024 * 1024,
  milliseconds: 10_000,
};

const MEBIBYTE = 1024 * 1024;
const CHUNK = 64 * 1024;

/** The archive goes beyond a limit, or is none. The message is for the user. */
export class UnreadableArchive extends Error {}

/**
 * Takes files out of a tar archive, plain, gzip or zstd, by their path, without keeping anything else. Stops as soon as
 * all wanted ones are found. Throws {@link UnreadableArchive}.
 */
export async function readArchive(
  handle: BlobHandle,
  compression: 'none' | 'gzip' | 'zstd',
  wanted: ReadonlySet<string>,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<Map<string, Buffer>> {
  if (handle.size > limits.storedBytes) throw new UnreadableArchive(`it is larger than ${limits.storedBytes} bytes`);
  const files = new Map<string, Buffer>();
  const stop = new AbortController();
  const tooSlow = AbortSignal.timeout(limits.milliseconds);
  const signal = AbortSignal.any([stop.signal, tooSlow]);
  const tar = extract();
  const reading = pipeline(
    Readable.from(chunksOf(handle)),
    unpacker(compression),
    (source: AsyncIterable<Buffer>) => limited(source, handle.size, limits),
    tar,
    { signal },
  );
  const outcome = reading.then(
    () => null,
    (error: unknown) => error,
  );
  try {
    let entries = 0;
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      if (++entries > limits.entries) throw new UnreadableArchive(`it has more than ${limits.entries} entries`);
      if (name.length > limits.pathLength) throw new UnreadableArchive(`a path is longer than ${limits.pathLength}`);
      const path = plainPath(name);
      if (type === 'file' && wanted.has(path) && !files.has(path) && size <= limits.fileBytes) {
        files.set(path, await bytesOf(entry));
        if (files.size === wanted.size) break;
      } else entry.resume();
    }
    return files;
  } catch (error) {
    throw tooSlow.aborted ? new UnreadableArchive('reading it takes too long') : unreadable(error);
  } finally {
    stop.abort();
    tar.destroy();
    await outcome;
  }
}

function unpacker(compression: 'none' | 'gzip' | 'zstd'): Transform {
  if (compression === 'none') return new PassThrough();
  return compression === 'gzip' ? createGunzip() : createZstdDecompress();
}

async function* chunksOf(handle: BlobHandle): AsyncGenerator<Buffer> {
  for (let position = 0; position < handle.size; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, handle.size - position));
    const count = await handle.read(chunk, position);
    if (count === 0) throw new UnreadableArchive('it ends too early');
    position += count;
    yield chunk.subarray(0, count);
  }
}

async function* limited(source: AsyncIterable<Buffer>, stored: number, limits: ArchiveLimits): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw new UnreadableArchive(`it unpacks to more than ${limits.bytes} bytes`);
    if (bytes > MEBIBYTE && bytes > stored * limits.ratio) {
      throw new UnreadableArchive(`it unpacks to more than ${limits.ratio} times its size`);
    }
    yield chunk;
  }
}

async function bytesOf(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function plainPath(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name;
}

function unreadable(error: unknown): UnreadableArchive {
  return error instanceof UnreadableArchive ? error : new UnreadableArchive('it is no readable archive');
}
