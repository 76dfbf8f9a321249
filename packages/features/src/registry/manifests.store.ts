import type {
  ChangeContext,
  DeleteManifestOutcome,
  Digest,
  ManifestDescriptor,
  Manifests,
  NewManifest,
  PutManifestOutcome,
  Reference,
  Refused,
  RepositoryScope,
  StoredManifest,
  Tag,
} from '@moorage/distribution';
import { appendEvents } from '../outbox/index.ts';
import { nameOf } from '../http/index.ts';
import {
  type ContentDatabase,
  ContentRemoval,
  digestBytes,
  digestFromHex,
  Kept,
  type KeptContent,
  type RemovalOrigin,
} from '../content/index.ts';
import type { ManifestPut } from './manifest-put.store.ts';
import { auditOf, callerOf } from './registry-caller.ts';

const DESCRIPTOR = `encode(m.digest, 'hex') as digest, m.media_type, m.payload_size`;
const BY_TAG = `select ${DESCRIPTOR} from repositories r
  join tags t on t.repository_id = r.id and t.name = $3 join manifests m on m.id = t.manifest_id
  where r.project_id = $1 and r.name = $2`;
const BY_DIGEST = `select ${DESCRIPTOR} from repositories r join manifests m on m.repository_id = r.id and m.digest = $3
  where r.project_id = $1 and r.name = $2`;
const CONTENT = `select ${DESCRIPTOR}, m.payload from repositories r
  join manifests m on m.repository_id = r.id and m.digest = $3
  where r.project_id = $1 and r.name = $2`;

interface DescriptorRow {
  readonly digest: string;
  readonly media_type: string;
  readonly payload_size: number;
}

/** Manifests and what tags say about them, in PostgreSQL. */
export class SqlManifests implements Manifests {
  readonly #database: ContentDatabase;
  readonly #put: ManifestPut;
  readonly #removal: ContentRemoval;

  constructor(database: ContentDatabase, put: ManifestPut) {
    this.#database = database;
    this.#removal = new ContentRemoval(database);
    this.#put = put;
  }

  putManifest(context: ChangeContext, manifest: NewManifest): Promise<PutManifestOutcome> {
    const { name } = context.repository;
    const [tag] = manifest.tags;
    return this.#unlessKept(context, { resource: tag ? `${name}:${tag}` : name, operation: 'create' }, () =>
      this.#put.put(context, manifest),
    );
  }

  async findManifest(repository: RepositoryScope, reference: Reference): Promise<ManifestDescriptor | null> {
    const [row] = await this.#database.query<DescriptorRow>(reference.digest === undefined ? BY_TAG : BY_DIGEST, [
      repository.namespaceId,
      repository.name,
      reference.digest === undefined ? reference.tag : digestBytes(reference.digest),
    ]);
    return row ? descriptor(row) : null;
  }

  async readManifest(repository: RepositoryScope, digest: Digest): Promise<StoredManifest | null> {
    const [row] = await this.#database.query<DescriptorRow & { payload: Buffer }>(CONTENT, [
      repository.namespaceId,
      repository.name,
      digestBytes(digest),
    ]);
    return row ? { ...descriptor(row), payload: row.payload } : null;
  }

  deleteManifest(context: ChangeContext, reference: Reference): Promise<DeleteManifestOutcome> {
    const { name } = context.repository;
    const { digest, tag } = reference;
    return digest === undefined
      ? this.#unlessKept(context, { resource: `${name}:${tag}`, operation: 'delete' }, () =>
          this.#deleteTag(context, tag),
        )
      : this.#unlessKept(context, { resource: `${name}@${digest}`, operation: 'delete' }, () =>
          this.#deleteByDigest(context, digest),
        );
  }

  /** Answers `refused`, and leaves an audit row, when an immutability rule or a hold forbids the change. */
  async #unlessKept<Outcome>(
    context: ChangeContext,
    change: { readonly resource: string; readonly operation: string },
    work: () => Promise<Outcome>,
  ): Promise<Outcome | Refused> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Kept)) throw error;
      const audit = auditOf(context, {
        ...change,
        resourceType: 'artifact',
        description: error.message,
        succeeded: false,
        status: 403,
      });
      const projectId = context.repository.namespaceId;
      await appendEvents(this.#database, [{ name: 'request.refused', projectId, data: {}, audit }]);
      return { status: 'refused', message: error.message };
    }
  }

  async #deleteTag(context: ChangeContext, tag: Tag): Promise<DeleteManifestOutcome> {
    const { repository } = context;
    const event = {
      data: { repository: repository.name, tag },
      audit: auditOf(context, {
        resourceType: 'tag',
        resource: `${repository.name}:${tag}`,
        operation: 'delete',
        status: 202,
      }),
    };
    const { kept } = await this.#removal.removeTags({
      repository,
      tags: [{ name: tag }],
      origin: originOf(context),
      eventOf: () => event,
    });
    return deleted(kept);
  }

  /** Takes this manifest alone: parts and referrers stay, as clients of the distribution specification expect. */
  async #deleteByDigest(context: ChangeContext, digest: Digest): Promise<DeleteManifestOutcome> {
    const { repository } = context;
    const { kept } = await this.#removal.removeArtifacts({
      repository,
      artifacts: [{ digest }],
      along: false,
      origin: originOf(context),
      eventOf: () => ({
        data: { repository: repository.name, digest },
        audit: auditOf(context, {
          resourceType: 'artifact',
          resource: `${repository.name}@${digest}`,
          operation: 'delete',
          status: 202,
        }),
      }),
    });
    return deleted(kept);
  }
}

function originOf(context: ChangeContext): RemovalOrigin {
  return { reason: 'deleted', by: nameOf(callerOf(context).principal), from: context.request.address };
}

/** Throws {@link Kept} for what a rule or a hold keeps. */
function deleted(kept: readonly KeptContent[]): DeleteManifestOutcome {
  const [stay] = kept;
  if (!stay) return { status: 'deleted' };
  if (stay.code === 'missing') return { status: 'missing' };
  if (stay.code === 'part-of-index') return { status: 'refused', message: stay.text };
  throw new Kept(stay.text);
}

function descriptor(row: DescriptorRow): ManifestDescriptor {
  return { digest: digestFromHex(row.digest), mediaType: row.media_type, size: row.payload_size };
}
