import { conditionSql, type ListColumns, type ListCondition, type Statement, sql } from '@moorage/database';
import { parseDigest } from '@moorage/distribution';
import { digestBytes } from '../content/index.ts';
import { digestCondition, labelCondition } from './artifact-filter.store.ts';

/** Never pulled sorts before every pull, and is before every moment. */
const PULLED = sql`coalesce(t.pull_time, '-infinity'::timestamptz)`;
const PLATFORM: ListColumns = { platform: { sql: sql`p.platform`, kind: 'text' } };

/** How the keys of a list of tags read in SQL, over `tags` as `t` of one repository. */
export function tagColumns(repositoryId: number): ListColumns {
  return {
    name: { sql: sql`t.name`, kind: 'text' },
    version: { sql: sql`t.version_key`, kind: 'text' },
    size: { sql: sql`t.size`, kind: 'number' },
    type: { sql: sql`t.type`, kind: 'text' },
    push_time: { sql: sql`t.push_time`, kind: 'time' },
    pull_time: { sql: PULLED, kind: 'time' },
    pushed_by: { sql: sql`t.pushed_by`, kind: 'text' },
    digest: {
      sql: sql`digest_text(t.digest)`,
      kind: 'text',
      condition: (condition) => onDigest(repositoryId, condition),
    },
    platform: { sql: sql`t.id`, kind: 'text', condition: hasPlatform },
    labels: { sql: sql`t.id`, kind: 'number', condition: (condition) => labelCondition(sql`t.manifest_id`, condition) },
    immutable: { sql: IS_IMMUTABLE_TAG, kind: 'boolean' },
  };
}

/** Whether a rule of the project covers the tag; one pass over its few rules, as in `immutable_rule_of`. */
const IS_IMMUTABLE_TAG = sql`exists (
  select from immutable_tag_rules rule where rule.project_id = t.project_id and not rule.is_disabled and not exists (
    select from immutable_tag_selectors s where s.rule_id = rule.id and s.includes <> (
      case s.scope when 'tag' then t.name
        else (select substr(name, strpos(name, '/') + 1) from repositories where id = t.repository_id) end
      ~ s.expression)))`;

/** By way of the manifest, whose digest has an index. */
function onDigest(repositoryId: number, condition: ListCondition): Statement | undefined {
  const digest = condition.op === 'equals' ? parseDigest(condition.value) : null;
  if (digest === null) return digestCondition(sql`t.digest`)(condition);
  return sql`t.manifest_id = (select id from manifests where repository_id = ${repositoryId} and digest = ${digestBytes(digest)})`;
}

function hasPlatform(condition: ListCondition): Statement {
  return sql`exists (select from unnest(t.platforms) as p (platform) where ${conditionSql(PLATFORM, condition)})`;
}
