import { algorithmOf, type Digest, digestOf } from '../digest.ts';
import { RegistryError } from '../error.ts';
import { MAX_INDEX_DEPTH } from '../manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type {
  Catalog,
  ChangeContext,
  Hooks,
  ManifestDescriptor,
  Manifests,
  NewManifest,
  PutManifestOutcome,
  RepositoryScope,
} from '../ports/index.ts';
import type { Reference, Tag } from '../reference.ts';
import { refuse } from './outcome.ts';
import type { Ports } from './ports.ts';

interface ManifestPorts {
  readonly metadata: Manifests & Catalog;
}

/** A manifest as a client pushes it. */
export interface ManifestPush {
  readonly reference: Reference;
  /** Further tags for a manifest that is pushed by digest (P10). */
  readonly tags: readonly Tag[];
  readonly contentType: string | undefined;
  readonly payload: Buffer;
  readonly allowMissing: boolean;
  readonly onlyIf?: NewManifest['onlyIf'];
}

export interface PushedManifest {
  readonly digest: Digest;
  readonly subject?: Digest;
  readonly tags: readonly Tag[];
  readonly warnings: readonly string[];
}

/** The descriptor a reference points at, without its bytes. */
export async function findManifest(
  ports: ManifestPorts,
  repository: RepositoryScope,
  reference: Reference,
): Promise<ManifestDescriptor> {
  const found = await ports.metadata.findManifest(repository, reference);
  if (found) return found;
  throw await unknownManifest(ports, repository);
}

/** The exact bytes of a manifest that {@link findManifest} found. */
export async function readManifest(
  ports: ManifestPorts & Pick<Ports, 'cache'>,
  repository: RepositoryScope,
  digest: Digest,
): Promise<Buffer> {
  const cached = ports.cache.get(digest);
  if (cached) return cached;
  const stored = await ports.metadata.readManifest(repository, digest);
  if (!stored) throw await unknownManifest(ports, repository);
  ports.cache.set(digest, stored.payload);
  return stored.payload;
}

/** Checks and stores a manifest with its links, subject and tags, all or nothing (P1–P10). */
export async function putManifest(
  ports: ManifestPorts,
  hooks: Pick<Hooks, 'beforeManifestPut'>,
  context: ChangeContext,
  push: ManifestPush,
): Promise<PushedManifest> {
  const { reference, payload } = push;
  const digest = digestOf(payload, reference.digest ? algorithmOf(reference.digest) : 'sha256');
  if (reference.digest && reference.digest !== digest) {
    throw new RegistryError('DIGEST_INVALID', 'the manifest does not have the digest it was pushed under', {
      detail: { digest: reference.digest },
    });
  }
  const { mediaType, content } = parseManifest(payload, push.contentType);
  const tags = reference.tag ? [reference.tag] : push.tags;
  const descriptor = { digest, mediaType, size: payload.length };
  const verdict = await hooks.beforeManifestPut?.(context, descriptor, tags);
  if (verdict?.refused !== undefined) throw refuse({ message: verdict.refused });
  const { allowMissing, onlyIf } = push;
  const outcome = await ports.metadata.putManifest(context, {
    digest,
    mediaType,
    payload,
    content,
    tags,
    allowMissing,
    onlyIf,
  });
  if (outcome.status !== 'stored') throw putFailure(outcome);
  return {
    digest,
    subject: content.subject?.digest,
    tags,
    warnings: [...(verdict?.warnings ?? []), ...(outcome.warnings ?? [])],
  };
}

/** By tag only the tag goes; by digest the manifest and every tag on it (X1, X2). */
export async function deleteManifest(
  ports: ManifestPorts,
  context: ChangeContext,
  reference: Reference,
): Promise<void> {
  const outcome = await ports.metadata.deleteManifest(context, reference);
  if (outcome.status === 'refused') throw refuse(outcome);
  if (outcome.status === 'missing') throw await unknownManifest(ports, context.repository);
}

function putFailure(outcome: Exclude<PutManifestOutcome, { status: 'stored' }>): RegistryError {
  switch (outcome.status) {
    case 'refused':
      return refuse(outcome);
    case 'changed':
      return new RegistryError('DENIED', 'the tag is not what the condition of the request says', { status: 412 });
    case 'too-deep':
      return new RegistryError('MANIFEST_INVALID', `indexes are nested deeper than ${MAX_INDEX_DEPTH} levels`);
    case 'missing':
      return new RegistryError(
        'MANIFEST_BLOB_UNKNOWN',
        'the repository lacks content that the manifest names; push it first',
        {
          detail: { digests: outcome.digests.slice(0, 100) },
        },
      );
  }
}

/** Clients tell a missing repository from a missing manifest by the code (P14). */
async function unknownManifest(ports: ManifestPorts, repository: RepositoryScope): Promise<RegistryError> {
  return (await ports.metadata.hasRepository(repository))
    ? new RegistryError('MANIFEST_UNKNOWN', 'the repository has no such manifest')
    : new RegistryError('NAME_UNKNOWN', 'there is no such repository');
}
