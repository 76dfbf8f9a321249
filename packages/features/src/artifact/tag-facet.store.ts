import { allOf, conditionSql, type Database, sql } from '@moorage/database';
import type { Condition } from '../http/index.ts';
import { tagColumns } from './tag-filter.store.ts';

/** Counting more takes longer than anyone waits for facets. */
const MAX_COUNTED = 200_000;
const MAX_VALUES = 50;

export interface TagFacetRows {
  readonly total: number;
  readonly truncated: boolean;
  readonly rows: readonly TagFacetRow[];
}

interface TagFacetRow {
  readonly facet: 'type' | 'platform' | 'pushed_by' | 'label' | 'total';
  readonly value: string;
  readonly count: number;
  readonly id: number | null;
  readonly color: string | null;
}

/**
 * Counts of the tags of a repository by what they have in common. One statement that reads no manifests: tags that are
 * alike are put together first, and there are few kinds of them.
 */
export class TagFacetStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async count(projectId: number, repositoryId: number, conditions: readonly Condition[]): Promise<TagFacetRows> {
    const columns = tagColumns(repositoryId);
    const where = allOf([
      sql`t.project_id = ${projectId}`,
      sql`t.repository_id = ${repositoryId}`,
      ...conditions.map((condition) => conditionSql(columns, condition)),
    ]);
    const rows = await this.#database.run<TagFacetRow>(
      sql`with alike as materialized (
          select type, pushed_by, platforms, count(*)::bigint as tags from (
            select t.type, t.pushed_by, t.platforms from tags t where ${where} limit ${MAX_COUNTED + 1}
          ) matching group by type, pushed_by, platforms
        )
        select 'total' as facet, '' as value, coalesce(sum(tags), 0)::bigint as count, null::int as id, null as color from alike
        union all (select 'type', type, sum(tags)::bigint, null, null from alike group by type order by 3 desc, 2 limit ${MAX_VALUES})
        union all (select 'pushed_by', pushed_by, sum(tags)::bigint, null, null from alike group by pushed_by
          order by 3 desc, 2 limit ${MAX_VALUES})
        union all (select 'platform', platform, sum(tags)::bigint, null, null from alike cross join unnest(platforms) platform
          group by platform order by 3 desc, 2 limit ${MAX_VALUES})
        union all (select 'label', l.name, count(*), l.id, l.color
          from artifact_labels al join tags t on t.manifest_id = al.manifest_id join labels l on l.id = al.label_id
          where al.project_id = ${projectId} and ${where} group by l.id order by 3 desc, 2 limit ${MAX_VALUES})`,
    );
    const total = rows.find((row) => row.facet === 'total')?.count ?? 0;
    return { total: Math.min(total, MAX_COUNTED), truncated: total > MAX_COUNTED, rows };
  }
}
