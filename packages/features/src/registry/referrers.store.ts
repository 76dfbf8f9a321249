import type { Digest, ReferrerDescriptor, ReferrerPage, Referrers, RepositoryScope } from '@moorage/distribution';
import { digestBytes, digestFromHex, type ContentDatabase } from '../content/index.ts';

/**
 * Newest first by id, which also is the position of a page: what is pushed while somebody pages comes before the first
 * page. The running size keeps the database from sending many pages' worth of annotations; where exactly a page ends is
 * measured on the descriptors.
 */
const LIST = (types: string) => `
  select id, encode(digest, 'hex') as digest, media_type, payload_size, artifact_type,
    case when total <= $6 * 2::bigint or row = 1 then annotations end as annotations, total > $6 * 2::bigint as cut
  from (
    select page.*, sum(annotations_size) over newest as total, row_number() over newest as row
    from (
      select id, digest, media_type, payload_size, artifact_type, annotations, annotations_size from manifests
      where repository_id = (select id from repositories where project_id = $1 and name = $2)
        and subject_digest = $3 and id < $4 ${types}
      order by id desc limit $5
    ) page
    window newest as (order by id desc)
  ) sized
  order by id desc`;
const LIST_ALL = LIST('and $7::text[] is null');
const LIST_TYPE = LIST('and artifact_type = $7');
const LIST_TYPES = LIST('and artifact_type = any($7::text[])');

interface ReferrerRow {
  readonly id: number;
  readonly digest: string;
  readonly media_type: string;
  readonly payload_size: number;
  readonly artifact_type: string | null;
  readonly annotations: Record<string, string> | null;
  /** The annotations are not here. */
  readonly cut: boolean;
}

/** Manifests by their subject. */
export class SqlReferrers implements Referrers {
  readonly #database: ContentDatabase;

  constructor(database: ContentDatabase) {
    this.#database = database;
  }

  async listReferrers(
    repository: RepositoryScope,
    subject: Digest,
    options: { artifactTypes: readonly string[]; after?: string; limit: number; maxBytes: number },
  ): Promise<ReferrerPage> {
    const { artifactTypes, limit, maxBytes } = options;
    const [text, types] = statementFor(artifactTypes);
    const rows = await this.#database.query<ReferrerRow>(text, [
      repository.namespaceId,
      repository.name,
      digestBytes(subject),
      position(options.after),
      limit + 1,
      maxBytes,
      types,
    ]);
    const items: ReferrerDescriptor[] = [];
    let bytes = 0;
    for (const row of rows) {
      const item = referrer(row);
      bytes += JSON.stringify(item).length;
      const last = rows[items.length - 1];
      if (last && (items.length >= limit || bytes > maxBytes || row.cut)) return { items, next: String(last.id) };
      items.push(item);
    }
    return { items };
  }
}

function statementFor(artifactTypes: readonly string[]): readonly [string, string | readonly string[] | null] {
  const [first] = artifactTypes;
  if (first === undefined) return [LIST_ALL, null];
  return artifactTypes.length === 1 ? [LIST_TYPE, first] : [LIST_TYPES, artifactTypes];
}

/** Positions come back from clients: anything else than one of ours starts at the beginning. */
function position(after: string | undefined): number {
  return after !== undefined && /^[0-9]{1,15}$/.test(after) ? Number(after) : Number.MAX_SAFE_INTEGER;
}

function referrer(row: ReferrerRow): ReferrerDescriptor {
  return {
    digest: digestFromHex(row.digest),
    mediaType: row.media_type,
    size: row.payload_size,
    ...(row.artifact_type === null ? {} : { artifactType: row.artifact_type }),
    ...(row.annotations === null ? {} : { annotations: row.annotations }),
  };
}
