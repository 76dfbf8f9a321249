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

/** Counts of the tags of a repository by what they have in common. One statement. */
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
      sql`with matching as materialized (
          select t.manifest_id, t.type, t.pushed_by from tags t where ${where} limit ${MAX_COUNTED + 1}
        ), artifacts as materialized (select manifest_id as id, count(*) as tags from matching group by 1)
        select 'total' as facet, '' as value, count(*) as count, null::int as id, null as color from matching
        union all (select 'type', type, count(*), null, null from matching group by type order by 3 desc, 2 limit ${MAX_VALUES})
        union all (select 'pushed_by', pushed_by, count(*), null, null from matching group by pushed_by
          order by 3 desc, 2 limit ${MAX_VALUES})
        union all (select 'platform', platform, sum(tags)::bigint, null, null from (
            select concat_ws('/', m.extra_attrs ->> 'os', m.extra_attrs ->> 'architecture') as platform, a.tags
            from artifacts a join manifests m on m.id = a.id where m.kind = 'image'
            union all
            select platform, tags from (
              select distinct a.id, a.tags, concat_ws('/', c.platform ->> 'os', c.platform ->> 'architecture',
                nullif(c.platform ->> 'variant', '')) as platform
              from artifacts a join manifest_children c on c.manifest_id = a.id where c.platform ->> 'os' <> 'unknown'
            ) parts
          ) platforms where platform <> '' group by platform order by 3 desc, 2 limit ${MAX_VALUES})
        union all (select 'label', l.name, sum(a.tags)::bigint, l.id, l.color
          from artifacts a join artifact_labels al on al.manifest_id = a.id join labels l on l.id = al.label_id
          group by l.id order by 3 desc, 2 limit ${MAX_VALUES})`,
    );
    const total = rows.find((row) => row.facet === 'total')?.count ?? 0;
    return { total: Math.min(total, MAX_COUNTED), truncated: total > MAX_COUNTED, rows };
  }
}
