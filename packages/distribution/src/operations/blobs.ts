import { algorithmOf, type Digest, digestOf } from '../digest.ts';
import { RegistryError } from '../error.ts';
import {
  type BlobHandle,
  type ChangeContext,
  canRedirect,
  type RepositoryBlobs,
  type RepositoryScope,
} from '../ports/index.ts';
import { refuse } from './outcome.ts';
import type { Ports } from './ports.ts';

/** Blobs up to this size are read at once and kept in memory; larger ones are streamed. */
const SMALL_BLOB_BYTES = 64 * 1024;

/** A blob on its way out: all bytes of a small one, or an open handle that the caller must close. */
export type BlobContent = { readonly bytes: Buffer } | { readonly handle: BlobHandle };

interface LinkPorts {
  readonly metadata: RepositoryBlobs;
}

/** Size of a blob this repository has. A blob that only another repository has does not exist here (B2, S65). */
export async function findBlob(ports: LinkPorts, repository: RepositoryScope, digest: Digest): Promise<number> {
  const blob = await ports.metadata.findBlob(repository, digest);
  if (blob?.damaged) {
    throw new RegistryError(
      'BLOB_UNKNOWN',
      'the stored bytes of this blob were found damaged and are not served; push the blob again to heal it',
      { detail: { digest } },
    );
  }
  if (blob) return blob.size;
  throw new RegistryError('BLOB_UNKNOWN', 'the repository has no such blob', { detail: { digest } });
}

/**
 * Opens a blob that {@link findBlob} found with this size. Bytes that are gone or of another length are a fault of the
 * storage and are never served (R2); small ones neither when they are others, as the cache would serve them for as long
 * as the process lives, also after a push has healed the blob.
 */
export async function openBlob(
  ports: Pick<Ports, 'blobs' | 'cache'>,
  digest: Digest,
  size: number,
): Promise<BlobContent> {
  const cached = ports.cache.get(digest);
  if (cached) return { bytes: cached };
  const handle = await ports.blobs.open(digest);
  if (!handle) throw new Error(`the bytes of ${digest} are missing from the blob store`);
  if (handle.size !== size) {
    await handle.close();
    throw new Error(`the stored bytes of ${digest} are ${handle.size} long, not ${size}`);
  }
  if (size > SMALL_BLOB_BYTES) return { handle };
  try {
    const bytes = await readWhole(handle);
    if (digestOf(bytes, algorithmOf(digest)) !== digest) {
      throw new Error(`the stored bytes of ${digest} are not what the digest says`);
    }
    ports.cache.set(digest, bytes);
    return { bytes };
  } finally {
    await handle.close();
  }
}

/** A URL at which the storage itself serves the blob (B8); null when the store does not offer that. */
export async function blobUrl(
  ports: Pick<Ports, 'blobs'>,
  digest: Digest,
  lifetimeSeconds: number,
): Promise<URL | null> {
  return canRedirect(ports.blobs) ? ports.blobs.downloadUrl(digest, lifetimeSeconds) : null;
}

async function readWhole(handle: BlobHandle): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(handle.size);
  let position = 0;
  while (position < bytes.length) {
    const count = await handle.read(bytes.subarray(position), position);
    if (count === 0) throw new Error('a blob ended before its size');
    position += count;
  }
  return bytes;
}

/**
 * Links a blob of another repository into this one without moving bytes; false when there is nothing to mount and the
 * client has to upload. Without `from` any repository of the same namespace is a source (M3): what the caller may not
 * read is never mounted.
 */
export async function mountBlob(
  ports: LinkPorts,
  context: ChangeContext,
  digest: Digest,
  from: RepositoryScope | 'anywhere',
): Promise<boolean> {
  const source = from === 'anywhere' ? await ports.metadata.findBlobSource(context.repository, digest) : from;
  if (!source) return false;
  const outcome = await ports.metadata.mountBlob(context, digest, source);
  if (outcome.status === 'refused') throw refuse(outcome);
  return outcome.status === 'linked';
}

/** Removes a blob from this repository. The bytes stay until garbage collection finds that nobody needs them (X5). */
export async function deleteBlob(ports: LinkPorts, context: ChangeContext, digest: Digest): Promise<void> {
  const outcome = await ports.metadata.unlinkBlob(context, digest);
  if (outcome === 'missing')
    throw new RegistryError('BLOB_UNKNOWN', 'the repository has no such blob', { detail: { digest } });
  if (outcome === 'referenced') {
    throw new RegistryError('UNSUPPORTED', 'a manifest of this repository needs the blob; delete the manifest first', {
      detail: { digest },
    });
  }
}
