import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import { type Digest } from '@moorage/distribution';
import type { ListRequest } from '../http/index.ts';
import { digestFromHex } from '../content/index.ts';
import { mediaTypeOf } from './artifact-filter.store.ts';
import { MAX_NESTED, type TagRow } from './artifact.rules.ts';
import { tagColumns } from './tag-filter.store.ts';

/** A tag with what is needed to choose it. */
export interface RepositoryTagRow extends TagRow {
  readonly digest: Digest;
  readonly type: string;
  readonly mediaType: string;
  readonly size: number;
  /** Platforms named by an index, or the one of an image; as they were pushed. */
  readonly platforms: readonly unknown[];
  readonly isSigned: boolean;
}

interface StoredTag {
  id: number;
  repository_id: number;
  manifest_id: number;
  name: string;
  push_time: Date;
  pull_time: Date | null;
  pushed_by: string;
  is_immutable?: boolean;
}

/** Costs a look at the project's rules for each tag: only for rows that are shown. */
const IS_IMMUTABLE = sql`immutable_rule_of(t.project_id, t.repository_id, t.name) is not null as is_immutable`;
const TAG = sql`t.id, t.repository_id, t.manifest_id, t.name, t.push_time, t.pull_time, t.pushed_by`;
const M = sql`m`;
const COLUMNS: ListColumns = {
  id: { sql: sql`t.id`, kind: 'number' },
  name: { sql: sql`t.name`, kind: 'text' },
  push_time: { sql: sql`t.push_time`, kind: 'time' },
  pull_time: { sql: sql`t.pull_time`, kind: 'time', nullable: true },
};

/** Tags in SQL, as the API shows them; written by the registry room. */
export class TagStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listOfArtifact(projectId: number, manifestId: number, request: ListRequest): Promise<ListRows<TagRow>> {
    const { rows, total } = await listRows<StoredTag>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`${TAG}, ${IS_IMMUTABLE}`,
        from: sql`tags t`,
        where: [sql`t.project_id = ${projectId}`, sql`t.manifest_id = ${manifestId}`],
        tiebreak: sql`t.id`,
      },
      request,
    );
    return { rows: rows.map(tagOf), total };
  }

  /** One page of the tags of a repository; the page's artifacts and platforms come in a second statement. */
  async listOfRepository(
    projectId: number,
    repositoryId: number,
    request: ListRequest,
  ): Promise<ListRows<RepositoryTagRow>> {
    const { rows, ...list } = await listRows<{ id: number }>(
      this.#database,
      {
        columns: tagColumns(repositoryId),
        select: sql`t.id`,
        from: sql`tags t`,
        where: [sql`t.project_id = ${projectId}`, sql`t.repository_id = ${repositoryId}`],
        tiebreak: sql`t.id`,
        keyset: true,
        isDeep: true,
        countAll: sql`select tag_count as total from repositories where project_id = ${projectId} and id = ${repositoryId}`,
      },
      request,
    );
    const ids = rows.map((row) => row.id);
    return { ...list, rows: ids.length === 0 ? [] : await this.#loadRepositoryTags(projectId, ids) };
  }

  /** The tags of some artifacts, newest first, at most {@link MAX_NESTED} each. */
  async listOfArtifacts(
    projectId: number,
    manifestIds: readonly number[],
    withImmutableStatus: boolean,
  ): Promise<TagRow[]> {
    const rows = await this.#database.run<StoredTag>(
      sql`select ${TAG} ${withImmutableStatus ? sql`, ${IS_IMMUTABLE}` : sql``}
        from unnest(${manifestIds}::bigint[]) as wanted (id) cross join lateral (
          select id, repository_id, project_id, manifest_id, name, push_time, pull_time, pushed_by from tags
          where manifest_id = wanted.id and project_id = ${projectId} order by push_time desc, id desc limit ${MAX_NESTED}
        ) t`,
    );
    return rows.map(tagOf);
  }

  async #loadRepositoryTags(projectId: number, ids: readonly number[]): Promise<RepositoryTagRow[]> {
    const rows = await this.#database.run<
      StoredTag & {
        digest: string;
        type: string;
        media_type: string;
        size: number;
        platforms: unknown[] | null;
        is_signed: boolean;
      }
    >(
      sql`select ${TAG}, ${IS_IMMUTABLE}, encode(t.digest, 'hex') as digest, m.type, ${mediaTypeOf(M)} as media_type, m.size,
        case when m.kind = 'index'
          then (select jsonb_agg(c.platform order by c.position) from manifest_children c
                where c.manifest_id = m.id and c.position <= ${MAX_NESTED})
          else jsonb_build_array(jsonb_build_object('os', m.extra_attrs -> 'os', 'os.version', m.extra_attrs -> 'os.version',
            'os.features', m.extra_attrs -> 'os.features', 'architecture', m.extra_attrs -> 'architecture',
            'variant', m.extra_attrs -> 'variant'))
        end as platforms,
        exists (select from manifests a where a.repository_id = t.repository_id and a.accessory_of = t.digest
          and a.accessory_type like 'signature.%') as is_signed
        from unnest(${ids}::bigint[]) with ordinality as page (id, place)
        join tags t on t.id = page.id and t.project_id = ${projectId}
        join manifests m on m.id = t.manifest_id order by page.place`,
    );
    return rows.map((row) => ({
      ...tagOf(row),
      digest: digestFromHex(row.digest),
      type: row.type,
      mediaType: row.media_type,
      size: row.size,
      platforms: row.platforms ?? [],
      isSigned: row.is_signed,
    }));
  }
}

function tagOf(row: StoredTag): TagRow {
  return {
    id: row.id,
    repositoryId: row.repository_id,
    artifactId: row.manifest_id,
    name: row.name,
    pushTime: row.push_time,
    pullTime: row.pull_time,
    pushedBy: row.pushed_by,
    ...(row.is_immutable === undefined ? {} : { isImmutable: row.is_immutable }),
  };
}
