import type {
  ChangeContext,
  DeleteManifestOutcome,
  Digest,
  ManifestDescriptor,
  Manifests,
  NewManifest,
  PutManifestOutcome,
  Reference,
  RepositoryScope,
  StoredManifest,
  Tag,
} from '@moorage/distribution';
import type { Transaction } from '@moorage/database';
import { eventPayload } from '../outbox/index.ts';
import { digestBytes, digestFromHex } from './digest-column.rules.ts';
import type { ManifestPut } from './manifest-put.store.ts';
import { discharge } from '../usage/index.ts';
import { auditOf } from './registry-caller.ts';
import type { RegistryDatabase } from './registry-database.store.ts';
import { REPOSITORY } from './repository-row.store.ts';

const DESCRIPTOR = `encode(m.digest, 'hex') as digest, m.media_type, m.payload_size`;
const BY_TAG = `select ${DESCRIPTOR} from repositories r
  join tags t on t.repository_id = r.id and t.name = $3 join manifests m on m.id = t.manifest_id
  where r.project_id = $1 and r.name = $2`;
const BY_DIGEST = `select ${DESCRIPTOR} from repositories r join manifests m on m.repository_id = r.id and m.digest = $3
  where r.project_id = $1 and r.name = $2`;
const CONTENT = `select ${DESCRIPTOR}, m.payload from repositories r
  join manifests m on m.repository_id = r.id and m.digest = $3
  where r.project_id = $1 and r.name = $2`;

const DELETE_TAG = `
  with ${REPOSITORY}, gone as (
    delete from tags where repository_id = (select id from repository) and name = $3 returning repository_id, digest
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'tag.deleted', $1, jsonb_set(
      jsonb_set($4::jsonb, '{data,digest}', to_jsonb(digest_text(digest))), '{data,repositoryId}', to_jsonb(repository_id))
    from gone
  ), counted as (
    update repositories set tag_count = tag_count - 1, updated_at = now() from gone where id = repository_id
  )
  select from gone`;

const DELETE_MANIFEST = `
  with untagged as (
    delete from tags where manifest_id = $2 returning name
  ), gone as (
    delete from manifests where id = $2 returning id, repository_id
  ), event as (
    insert into outbox_events (name, project_id, payload)
    select 'artifact.deleted', $1, jsonb_set($3::jsonb, '{data}', $3::jsonb -> 'data' || jsonb_build_object(
      'repositoryId', repository_id, 'artifactId', id,
      'tags', coalesce((select jsonb_agg(name order by name) from untagged), '[]')))
    from gone
  ), counted as (
    update repositories set artifact_count = artifact_count - 1, tag_count = tag_count - (select count(*) from untagged),
      updated_at = now()
    from gone where repositories.id = repository_id
  )
  select from gone`;

interface DescriptorRow {
  readonly digest: string;
  readonly media_type: string;
  readonly payload_size: number;
}

/** Manifests and what tags say about them, in PostgreSQL. */
export class SqlManifests implements Manifests {
  readonly #database: RegistryDatabase;
  readonly #put: ManifestPut;

  constructor(database: RegistryDatabase, put: ManifestPut) {
    this.#database = database;
    this.#put = put;
  }

  putManifest(context: ChangeContext, manifest: NewManifest): Promise<PutManifestOutcome> {
    return this.#put.put(context, manifest);
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
    return reference.digest === undefined
      ? this.#deleteTag(context, reference.tag)
      : this.#deleteByDigest(context, reference.digest);
  }

  async #deleteTag(context: ChangeContext, tag: Tag): Promise<DeleteManifestOutcome> {
    const { namespaceId, name } = context.repository;
    const event = eventPayload({
      data: { repository: name, tag },
      audit: auditOf(context, { resourceType: 'tag', resource: `${name}:${tag}`, operation: 'delete', status: 202 }),
    });
    const gone = await this.#database.query(DELETE_TAG, [namespaceId, name, tag, event]);
    return gone.length > 0 ? { status: 'deleted' } : { status: 'missing' };
  }

  #deleteByDigest(context: ChangeContext, digest: Digest): Promise<DeleteManifestOutcome> {
    const { namespaceId, name } = context.repository;
    return this.#database.transaction(async (transaction) => {
      // Indexes that are being stored hold their children FOR KEY SHARE; parents are looked for after they are through.
      const [manifest] = await transaction.query<{ id: number; repository_id: number }>(
        `with ${REPOSITORY} select id, repository_id from manifests
         where repository_id = (select id from repository) and digest = $3 for update`,
        [namespaceId, name, digestBytes(digest)],
      );
      if (!manifest) return { status: 'missing' };
      const parent = await findParent(transaction, manifest.repository_id, digest);
      if (parent) return { status: 'refused', message: childMessage(digest, parent) };
      // Locks are taken in the order of a push: content, account of the project, counters of the repository.
      await discharge(transaction, namespaceId, [digestBytes(digest)]);
      await transaction.query(DELETE_MANIFEST, [namespaceId, manifest.id, deletedEvent(context, digest)]);
      return { status: 'deleted' };
    });
  }
}

async function findParent(sql: Transaction, repositoryId: number, child: Digest): Promise<Digest | null> {
  const [parent] = await sql.query<{ digest: string }>(
    `select encode(m.digest, 'hex') as digest from manifest_children c join manifests m on m.id = c.manifest_id
     where c.repository_id = $1 and c.child_digest = $2 limit 1`,
    [repositoryId, digestBytes(child)],
  );
  return parent ? digestFromHex(parent.digest) : null;
}

function childMessage(child: Digest, parent: Digest): string {
  return `${child} is part of the index ${parent}; delete that index first`;
}

function deletedEvent(context: ChangeContext, digest: Digest): string {
  const { name } = context.repository;
  return eventPayload({
    data: { repository: name, digest },
    audit: auditOf(context, {
      resourceType: 'artifact',
      resource: `${name}@${digest}`,
      operation: 'delete',
      status: 202,
    }),
  });
}

function descriptor(row: DescriptorRow): ManifestDescriptor {
  return { digest: digestFromHex(row.digest), mediaType: row.media_type, size: row.payload_size };
}
