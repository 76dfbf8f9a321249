import type { Digest } from '../../digest.ts';
import { MAX_INDEX_DEPTH } from '../../manifest.ts';
import type { ManifestDescriptor, Manifests, NewManifest, PutManifestOutcome } from '../../ports/index.ts';
import type { MetadataDatabase } from './metadata-database.ts';
import { RepositoryRows } from './repository-rows.ts';

interface ManifestRow extends ManifestDescriptor {
  readonly id: number;
}

export function filesystemManifests(database: MetadataDatabase): Manifests {
  const repositories = new RepositoryRows(database);
  const writer = new ManifestWriter(database);
  const columns = 'm.id, m.digest, m.media_type as mediaType, length(m.payload) as size';
  const findByDigest = database.prepare<ManifestRow>(`
    select ${columns} from manifests m join repositories r on r.id = m.repository_id
    where r.name = ? and r.namespace_id = ? and m.digest = ?`);
  const findByTag = database.prepare<ManifestRow>(`
    select ${columns} from tags t join manifests m on m.id = t.manifest_id join repositories r on r.id = t.repository_id
    where r.name = ? and r.namespace_id = ? and t.name = ?`);
  const read = database.prepare<{ payload: Uint8Array; mediaType: string }>(`
    select m.payload, m.media_type as mediaType from manifests m join repositories r on r.id = m.repository_id
    where r.name = ? and r.namespace_id = ? and m.digest = ?`);
  const parent = database.prepare(`
    select 1 from manifest_references f join manifests m on m.id = f.manifest_id
    where f.digest = ? and f.is_child = 1 and m.repository_id = ? limit 1`);
  const deleteTag = database.prepare('delete from tags where repository_id = ? and name = ?');
  const deleteById = database.prepare('delete from manifests where id = ?');

  return {
    async putManifest({ repository }, manifest) {
      return database.transaction(() =>
        writer.put(repositories.find(repository), manifest, () => repositories.findOrCreate(repository)),
      );
    },

    async findManifest(scope, reference) {
      const { name, namespaceId } = scope;
      const row =
        reference.tag !== undefined
          ? findByTag.get(name, namespaceId, reference.tag)
          : findByDigest.get(name, namespaceId, reference.digest);
      return row ? { digest: row.digest, mediaType: row.mediaType, size: row.size } : null;
    },

    async readManifest({ name, namespaceId }, digest) {
      const row = read.get(name, namespaceId, digest);
      if (!row) return null;
      const payload = Buffer.from(row.payload.buffer, row.payload.byteOffset, row.payload.byteLength);
      return { digest, mediaType: row.mediaType, size: payload.length, payload };
    },

    async deleteManifest({ repository }, reference) {
      return database.transaction(() => {
        const id = repositories.find(repository);
        if (id === undefined) return { status: 'missing' };
        if (reference.tag !== undefined)
          return { status: deleteTag.run(id, reference.tag) > 0 ? 'deleted' : 'missing' };
        const row = findByDigest.get(repository.name, repository.namespaceId, reference.digest);
        if (!row) return { status: 'missing' };
        if (parent.get(reference.digest, id)) {
          return {
            status: 'refused',
            message: 'an index of this repository lists the manifest; delete the index first',
          };
        }
        deleteById.run(row.id);
        return { status: 'deleted' };
      });
    },
  };
}

/** The statements of one manifest push; every method runs inside the push's transaction. */
class ManifestWriter {
  readonly #currentTag;
  readonly #hasBlob;
  readonly #findChild;
  readonly #insert;
  readonly #findId;
  readonly #reference;
  readonly #setTag;

  constructor(database: MetadataDatabase) {
    this.#currentTag = database.prepare<{ digest: Digest }>(`
      select m.digest from tags t join manifests m on m.id = t.manifest_id where t.repository_id = ? and t.name = ?`);
    this.#hasBlob = database.prepare('select 1 from blobs where repository_id = ? and digest = ?');
    this.#findChild = database.prepare<{ depth: number }>(
      'select depth from manifests where repository_id = ? and digest = ?',
    );
    this.#insert = database.prepare(`
      insert into manifests (repository_id, digest, media_type, payload, depth, subject, artifact_type, annotations)
      values (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#findId = database.prepare<{ id: number }>('select id from manifests where repository_id = ? and digest = ?');
    this.#reference = database.prepare(
      'insert into manifest_references (manifest_id, digest, is_child) values (?, ?, ?) on conflict do nothing',
    );
    this.#setTag = database.prepare(`
      insert into tags (repository_id, name, manifest_id) values (?, ?, ?)
      on conflict do update set manifest_id = excluded.manifest_id`);
  }

  /** `known` is the repository's row if there is one; `create` makes it when the manifest is accepted. */
  put(known: number | undefined, manifest: NewManifest, create: () => number): PutManifestOutcome {
    // No row has id 0: in a repository that does not exist yet, nothing is found.
    const repository = known ?? 0;
    if (!this.#conditionHolds(repository, manifest)) return { status: 'changed' };
    const missing = manifest.allowMissing ? [] : this.#missing(repository, manifest);
    if (missing.length > 0) return { status: 'missing', digests: missing };
    const depth = this.#depth(repository, manifest);
    if (depth > MAX_INDEX_DEPTH) return { status: 'too-deep' };
    const target = create();
    const id = this.#findId.get(target, manifest.digest)?.id ?? this.#store(target, manifest, depth);
    for (const tag of manifest.tags) this.#setTag.run(target, tag, id);
    return { status: 'stored' };
  }

  #conditionHolds(repository: number, { onlyIf, tags, digest }: NewManifest): boolean {
    if (onlyIf === undefined) return true;
    if (onlyIf === 'absent' && tags.length === 0) return !this.#findId.get(repository, digest);
    return tags.every((tag) => {
      const current = this.#currentTag.get(repository, tag)?.digest;
      return onlyIf === 'absent' ? !current : current !== undefined && onlyIf.includes(current);
    });
  }

  /** Config and layers must be blobs; a child may be a manifest or, in old build caches, a blob (P7). */
  #missing(repository: number, { content }: NewManifest): Digest[] {
    const missing = new Set<Digest>();
    const blobs = content.config ? [content.config, ...content.layers] : content.layers;
    for (const { digest } of blobs) if (!this.#hasBlob.get(repository, digest)) missing.add(digest);
    for (const { digest } of content.children) {
      if (!this.#findChild.get(repository, digest) && !this.#hasBlob.get(repository, digest)) missing.add(digest);
    }
    return [...missing];
  }

  #depth(repository: number, { content }: NewManifest): number {
    if (content.kind === 'image') return 0;
    let deepest = 0;
    for (const { digest } of content.children) {
      deepest = Math.max(deepest, this.#findChild.get(repository, digest)?.depth ?? 0);
    }
    return deepest + 1;
  }

  #store(repository: number, { digest, mediaType, payload, content }: NewManifest, depth: number): number {
    const annotations = content.annotations ? JSON.stringify(content.annotations) : null;
    const subject = content.subject?.digest ?? null;
    this.#insert.run(repository, digest, mediaType, payload, depth, subject, content.artifactType ?? null, annotations);
    const { id } = this.#findId.get(repository, digest) as { id: number };
    if (content.config) this.#reference.run(id, content.config.digest, 0);
    for (const layer of content.layers) this.#reference.run(id, layer.digest, 0);
    for (const child of content.children) this.#reference.run(id, child.digest, 1);
    return id;
  }
}
