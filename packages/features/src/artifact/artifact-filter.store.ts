import { AppError } from '@moorage/contracts';
import { allOf, anyOf, containing, type ListColumns, type ListCondition, type Statement, sql } from '@moorage/database';
import { parseDigest } from '@moorage/distribution';
import type { Condition } from '../http/index.ts';
import { digestBytes } from '../content/index.ts';

/** How the keys of an artifact list read in SQL, over the given alias of `manifests` and the alias `r` of its repository. */
export function artifactColumns(m: Statement): ListColumns {
  return {
    id: { sql: sql`${m}.id`, kind: 'number' },
    type: { sql: sql`${m}.type`, kind: 'text' },
    media_type: { sql: mediaTypeOf(m), kind: 'text' },
    manifest_media_type: { sql: sql`${m}.media_type`, kind: 'text' },
    artifact_type: { sql: artifactTypeOf(m), kind: 'text' },
    repository_id: { sql: sql`${m}.repository_id`, kind: 'number' },
    repository_name: { sql: sql`r.name`, kind: 'text' },
    digest: { sql: sql`digest_text(${m}.digest)`, kind: 'text', condition: digestCondition(sql`${m}.digest`) },
    size: { sql: sql`${m}.size`, kind: 'number' },
    push_time: { sql: sql`${m}.push_time`, kind: 'time' },
    pull_time: { sql: sql`${m}.pull_time`, kind: 'time', nullable: true },
    labels: { sql: sql`${m}.id`, kind: 'number', condition: (condition) => labelCondition(sql`${m}.id`, condition) },
    tags: { sql: sql`${m}.id`, kind: 'text', condition: (condition) => tagCondition(m, condition) },
  };
}

/** Harbor's media type: that of the config, or of the manifest when there is none. */
export function mediaTypeOf(m: Statement): Statement {
  return sql`coalesce(${m}.config_media_type, ${m}.media_type)`;
}

export function artifactTypeOf(m: Statement): Statement {
  return sql`coalesce(${m}.artifact_type, ${m}.config_media_type, ${m}.media_type)`;
}

/** Compares digests as they are stored where the index helps, as text otherwise; a text that is no digest finds nothing. */
export function digestCondition(column: Statement): (condition: ListCondition) => Statement | undefined {
  const is = (text: string) => {
    const digest = parseDigest(text);
    return digest === null ? sql`false` : sql`${column} = ${digestBytes(digest)}`;
  };
  return (condition) => {
    if (condition.op === 'equals') return is(condition.value);
    if (condition.op === 'any') return anyOf(condition.values.map(is));
    return condition.op === 'all' ? allOf(condition.values.map(is)) : undefined;
  };
}

/** `tags=*` tagged, `tags=nil` untagged, else artifacts with a tag that meets the condition (QRY-2). */
function tagCondition(m: Statement, condition: ListCondition): Statement {
  const having = (test: Statement) =>
    sql`exists (select from tags t where t.repository_id = ${m}.repository_id and t.manifest_id = ${m}.id and ${test})`;
  const named = (name: string) => having(sql`t.name = ${name}`);
  switch (condition.op) {
    case 'equals':
      if (condition.value === '*') return having(sql`true`);
      if (condition.value === 'nil') return sql`not ${having(sql`true`)}`;
      return named(condition.value);
    case 'contains':
      return having(sql`t.name ilike ${containing(condition.value)}`);
    case 'any':
      return having(sql`t.name = any(${condition.values}::text[])`);
    case 'all':
      return allOf(condition.values.map(named));
    case 'between':
      return having(
        allOf([
          ...(condition.min === undefined ? [] : [sql`t.name >= ${condition.min}`]),
          ...(condition.max === undefined ? [] : [sql`t.name <= ${condition.max}`]),
        ]),
      );
  }
}

/** `labels=(1 2)`: artifacts that have all of these labels; `{1 2}` and a single id work too (QRY-2). */
export function labelCondition(artifactId: Statement, condition: ListCondition): Statement {
  const marked = (ids: readonly string[]) =>
    sql`exists (select from artifact_labels a where a.manifest_id = ${artifactId} and a.label_id = any(${ids.map(Number)}::bigint[]))`;
  if (condition.op === 'equals') return marked([condition.value]);
  if (condition.op === 'any') return marked(condition.values);
  if (condition.op === 'all') return allOf(condition.values.map((id) => marked([id])));
  throw new AppError(
    'BAD_REQUEST',
    'q: labels: name label ids, as in labels=(1 2) for artifacts that have all of them.',
  );
}

/**
 * What a list shows unless asked for everything with `base=*`: not untagged parts of an index, and not accessories whose
 * subject is there to show them. An accessory of something deleted is shown, or nobody would find it.
 */
export const LISTED = sql`m.is_listed`;

/** What a list is about. */
export type ArtifactScope =
  | { readonly projectId: number; readonly repositoryId: number }
  | { readonly projectId: number };

/** Takes the keys that are no columns out of a list's conditions. Throws BAD_REQUEST for what cannot be asked here. */
export function splitConditions(conditions: readonly Condition[]): { rest: Condition[]; includeParts: boolean } {
  let includeParts = false;
  const rest = conditions.filter((condition) => {
    if (condition.key !== 'base') return true;
    if (condition.op !== 'equals' || condition.value !== '*') {
      throw new AppError(
        'BAD_REQUEST',
        'q: base: the only value is *, which lists parts of indexes and accessories too.',
      );
    }
    includeParts = true;
    return false;
  });
  return { rest, includeParts };
}
