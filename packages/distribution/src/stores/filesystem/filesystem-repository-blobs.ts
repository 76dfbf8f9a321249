import type { RepositoryBlobs } from '../../ports/index.ts';
import type { RepositoryName } from '../../reference.ts';
import type { MetadataDatabase } from './metadata-database.ts';
import { RepositoryRows } from './repository-rows.ts';

export function filesystemRepositoryBlobs(database: MetadataDatabase): RepositoryBlobs {
  const repositories = new RepositoryRows(database);
  const find = database.prepare<{ size: number }>(`
    select b.size from blobs b join repositories r on r.id = b.repository_id
    where r.name = ? and r.namespace_id = ? and b.digest = ?`);
  const link = database.prepare(
    'insert into blobs (repository_id, digest, size) values (?, ?, ?) on conflict do nothing',
  );
  const endUpload = database.prepare('delete from uploads where id = ?');
  const findSource = database.prepare<{ name: RepositoryName }>(`
    select r.name from blobs b join repositories r on r.id = b.repository_id
    where b.digest = ? and r.namespace_id = ? limit 1`);
  const needed = database.prepare(`
    select 1 from manifest_references f join manifests m on m.id = f.manifest_id
    where f.digest = ? and m.repository_id = ? limit 1`);
  const unlink = database.prepare('delete from blobs where repository_id = ? and digest = ?');

  return {
    async findBlob(scope, digest) {
      return find.get(scope.name, scope.namespaceId, digest) ?? null;
    },

    async linkBlob({ repository }, { digest, size, uploadId }) {
      return database.transaction(() => {
        link.run(repositories.findOrCreate(repository), digest, size);
        if (uploadId !== undefined) endUpload.run(uploadId);
        return { status: 'linked' };
      });
    },

    async mountBlob({ repository }, digest, from) {
      return database.transaction(() => {
        const source = find.get(from.name, from.namespaceId, digest);
        if (!source) return { status: 'missing' };
        link.run(repositories.findOrCreate(repository), digest, source.size);
        return { status: 'linked' };
      });
    },

    async findBlobSource({ namespaceId }, digest) {
      const source = findSource.get(digest, namespaceId);
      return source ? { name: source.name, namespaceId } : null;
    },

    async unlinkBlob({ repository }, digest) {
      return database.transaction(() => {
        const id = repositories.find(repository);
        if (id === undefined || !find.get(repository.name, repository.namespaceId, digest)) return 'missing';
        if (needed.get(digest, id)) return 'referenced';
        unlink.run(id, digest);
        return 'unlinked';
      });
    },
  };
}
