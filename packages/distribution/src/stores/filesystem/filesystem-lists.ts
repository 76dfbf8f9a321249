import type { Digest } from '../../digest.ts';
import type { Catalog, NamePage, ReferrerDescriptor, Referrers, Tags } from '../../ports/index.ts';
import type { RepositoryName, Tag } from '../../reference.ts';
import type { MetadataDatabase } from './metadata-database.ts';
import { RepositoryRows } from './repository-rows.ts';

interface ReferrerRow {
  readonly id: number;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly artifactType: string | null;
  readonly annotations: string | null;
}

/** Lists by keyset on indexes; SQLite compares text by bytes, which is the order of the protocol. */
export function filesystemLists(database: MetadataDatabase): Tags & Referrers & Catalog {
  const repositories = new RepositoryRows(database);
  const tags = database.prepare<{ name: Tag }>(
    'select name from tags where repository_id = ? and name > ? order by name limit ?',
  );
  const referrers = database.prepare<ReferrerRow>(`
    select m.id, m.digest, m.media_type as mediaType, length(m.payload) as size,
      m.artifact_type as artifactType, m.annotations
    from manifests m join repositories r on r.id = m.repository_id
    where r.name = ?1 and r.namespace_id = ?2 and m.subject = ?3 and m.id < ?4
      and (json_array_length(?5) = 0 or m.artifact_type in (select value from json_each(?5)))
    order by m.id desc limit ?6`);
  const allNames = database.prepare<{ name: RepositoryName }>(
    'select name from repositories where name > ? order by name limit ?',
  );
  const names = database.prepare<{ name: RepositoryName }>(`
    select name from repositories where name > ? and namespace_id in (select value from json_each(?))
    order by name limit ?`);

  return {
    async listTags(scope, { after = '', limit }) {
      const id = repositories.find(scope);
      return id === undefined ? null : pageOf(tags.all(id, after, limit + 1), limit);
    },

    async listReferrers({ name, namespaceId }, subject, { artifactTypes, after, limit, maxBytes }) {
      const start = Number(after) || Number.MAX_SAFE_INTEGER;
      const types = JSON.stringify(artifactTypes);
      const items: ReferrerDescriptor[] = [];
      let bytes = 0;
      let last = 0;
      for (const row of referrers.iterate(name, namespaceId, subject, start, types, limit + 1)) {
        const item = referrerOf(row);
        bytes += JSON.stringify(item).length;
        if (items.length > 0 && (items.length >= limit || bytes > maxBytes)) return { items, next: String(last) };
        items.push(item);
        last = row.id;
      }
      return { items };
    },

    async listRepositories(filter, { after = '', limit }) {
      const rows =
        filter === 'all'
          ? allNames.all(after, limit + 1)
          : names.all(after, JSON.stringify(filter.namespaceIds), limit + 1);
      return pageOf(rows, limit);
    },

    async hasRepository(scope) {
      return repositories.find(scope) !== undefined;
    },
  };
}

/** `rows` holds one more than the page when there is a next one. */
function pageOf<T extends string>(rows: readonly { readonly name: T }[], limit: number): NamePage<T> {
  const items = rows.slice(0, limit).map(({ name }) => name);
  return rows.length > limit ? { items, next: items.at(-1) } : { items };
}

function referrerOf({ digest, mediaType, size, artifactType, annotations }: ReferrerRow): ReferrerDescriptor {
  return {
    digest,
    mediaType,
    size,
    ...(artifactType === null ? {} : { artifactType }),
    ...(annotations === null ? {} : { annotations: JSON.parse(annotations) as Record<string, string> }),
  };
}
